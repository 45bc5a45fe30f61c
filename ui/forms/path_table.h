// The files section of the form: the path rules with their access, add, remove, browse, and a place to drop folders.
#pragma once

#include <QWidget>

#include <string>

#include "core/base/result.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QTableView;

namespace belljar {

class AskBox;
class PathRuleModel;
class ProfileAnalysis;
class ProfileDocument;

class PathTable : public QWidget {
    Q_OBJECT

public:
    PathTable(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent = nullptr);

    void setEditable(bool editable);

signals:
    void failed(const belljar::Error& error);
    /// The user wants to see where a rule stands in the text.
    void showInText(const std::string& pointer);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addTyped();
    void removeSelected();
    void browse();
    void updateButtons();
    void dressTable();
    QLayout* makeAddRow();

    ProfileAnalysis& m_analysis;
    PathRuleModel* m_model;
    QTableView* m_table;
    QLineEdit* m_path;
    QComboBox* m_access;
    QPushButton* m_browse;
    QPushButton* m_add;
    QPushButton* m_remove;
    QPushButton* m_show;
    AskBox* m_ask;
    bool m_editable = true;
};

}  // namespace belljar
