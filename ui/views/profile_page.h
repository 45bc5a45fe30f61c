// The profile: form and text side by side, and what is wrong with it below.
#pragma once

#include <QWidget>

#include "core/base/result.h"
#include "core/model/finding.h"
#include "ui/views/compare_pane.h"
#include "ui/views/editor_host.h"

class QLabel;
class QListView;
class QPushButton;

namespace belljar {

class FindingModel;
class MessageBar;
class ProfileAnalysis;
class ProfileDocument;
class ProfileForm;

class ProfilePage : public QWidget {
    Q_OBJECT

public:
    ProfilePage(ProfileDocument& document, ProfileAnalysis& analysis, WebEditorFactory makeWebEditor,
                QWidget* parent = nullptr);

    void applyTheme();
    /// Moves the editor to the value at `pointer`, or to `place`'s line when the text has no such value.
    void goTo(const SourcePlace& place);
    /// Focuses the control of the field at `pointer`, or goes to its place in the text when the form has none.
    void goToField(const std::string& pointer);

    /// Shows a page of the profile beside the text.
    void showCompare(ComparePane::With with);
    [[nodiscard]] EditorHost& editorHost() { return *m_editor; }
    [[nodiscard]] ProfileForm& form() { return *m_form; }
    [[nodiscard]] MessageBar& invalidBanner() { return *m_invalid; }
    [[nodiscard]] FindingModel& problems() { return *m_problems; }

signals:
    void failed(const belljar::Error& error);

private:
    void documentParsed();
    void showFindings();
    [[nodiscard]] const Finding* selectedProblem() const;
    void updateFix();
    void fixSelected();
    void updateMarks();
    void updateHeading();
    QWidget* makeProblems();

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    ProfileForm* m_form;
    ComparePane* m_compare;
    EditorHost* m_editor;
    MessageBar* m_invalid;
    FindingModel* m_problems;
    QListView* m_problemList;
    QLabel* m_problemHeading;
    QPushButton* m_fix;
};

/// Findings about characters in `text` that cannot be seen or that reorder what is seen; at most `limit`.
[[nodiscard]] std::vector<Finding> hiddenCharacters(const std::string& text, std::size_t limit);

}  // namespace belljar
