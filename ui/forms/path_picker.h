// Chooses a file or folder of this machine for a rule: a tree, a line to type, and beside it what the path is and what
// the sandbox may do with it now. Enter chooses.
#pragma once

#include <QDialog>

class QFileSystemModel;
class QLabel;
class QLineEdit;
class QTreeView;

namespace belljar {

class ProfileAnalysis;

class PathPicker : public QDialog {
    Q_OBJECT

public:
    explicit PathPicker(ProfileAnalysis& analysis, QWidget* parent = nullptr);

signals:
    void chosen(const QString& path);

private:
    void follow(const QString& path);
    void describe(const QString& path);
    [[nodiscard]] QString facts(const std::string& path) const;

    ProfileAnalysis& m_analysis;
    QFileSystemModel* m_files;
    QTreeView* m_tree;
    QLineEdit* m_path;
    QLabel* m_facts;
    bool m_isTyped = false;    ///< The line was what moved the tree last.
    bool m_following = false;  ///< The tree goes where the line says, not the other way round.
};

}  // namespace belljar
