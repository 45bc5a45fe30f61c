// What the profile allows more or less than another text: as it was saved, another file, or itself migrated to the
// newest schema; first in meaning, then in lines.
#pragma once

#include <QWidget>

#include <optional>
#include <string>

#include "core/policy/compare.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace belljar {

class ProfileAnalysis;
class ProfileDocument;

class ComparePane : public QWidget {
    Q_OBJECT

public:
    enum class With { saved, file, migrated };

    ComparePane(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent = nullptr);

    void compareWith(With with);
    void compareWithFile(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void chooseFile();
    void refresh();
    void compare(const std::string& before, const std::string& after);
    void showDifferences(const AccessComparison& comparison, const Policy& before, const Policy& after);
    void showLines(const std::string& before, const std::string& after);
    void showMigration();
    void apply();
    [[nodiscard]] With with() const;

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    QComboBox* m_with;
    QPushButton* m_choose;
    QPushButton* m_apply;
    QLabel* m_summary;
    QTableWidget* m_differences;
    QPlainTextEdit* m_lines;
    QString m_file;
    std::optional<std::string> m_migrated;  ///< What Apply would make of the text.
};

}  // namespace belljar
