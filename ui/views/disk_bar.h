// Says that another program has changed the profile's file, and what can be done: nothing is overwritten unseen.
#pragma once

#include <QFrame>

#include <optional>
#include <string>

class QLabel;
class QPushButton;

namespace belljar {

class ProfileDocument;

class DiskBar : public QFrame {
    Q_OBJECT

public:
    explicit DiskBar(ProfileDocument& document, QWidget* parent = nullptr);

signals:
    /// The user wants to see what is different. The file's path.
    void compareRequested(const QString& path);

private:
    void look();
    void takeTheirs();
    void mergeBoth();
    void keepMine();

    ProfileDocument& m_document;
    QLabel* m_text;
    QPushButton* m_merge;
    QPushButton* m_take;
    QPushButton* m_keep;
    std::string m_theirs;
    std::optional<std::string> m_merged;
};

}  // namespace belljar
