// The profile: form and text side by side, and what is wrong with it below.
#pragma once

#include <QWidget>

#include "core/base/result.h"
#include "core/config/placeholders.h"
#include "core/model/capability.h"
#include "core/model/finding.h"
#include "ui/views/editor_host.h"

class QLabel;
class QListView;

namespace belljar {

class FindingModel;
class MessageBar;
class ProfileDocument;
class ProfileForm;

class ProfilePage : public QWidget {
    Q_OBJECT

public:
    ProfilePage(ProfileDocument& document, WebEditorFactory makeWebEditor, QWidget* parent = nullptr);

    /// What prepare() found in the current, valid text.
    void setFindings(std::vector<Finding> findings);
    void setCapabilities(const std::vector<Capability>& capabilities);
    void setReplacements(std::vector<PathReplacement> replacements);
    void applyTheme();
    /// Moves the editor to the value at `pointer`, or to `place`'s line when the text has no such value.
    void goTo(const SourcePlace& place);
    /// Focuses the control of the field at `pointer`, or goes to its place in the text when the form has none.
    void goToField(const std::string& pointer);

    [[nodiscard]] EditorHost& editorHost() { return *m_editor; }
    [[nodiscard]] ProfileForm& form() { return *m_form; }
    [[nodiscard]] MessageBar& invalidBanner() { return *m_invalid; }
    [[nodiscard]] FindingModel& problems() { return *m_problems; }

signals:
    void failed(const belljar::Error& error);

private:
    void documentParsed();
    void updateMarks();
    void updateHeading();
    QWidget* makeProblems();

    ProfileDocument& m_document;
    ProfileForm* m_form;
    EditorHost* m_editor;
    MessageBar* m_invalid;
    FindingModel* m_problems;
    QListView* m_problemList;
    QLabel* m_problemHeading;
};

/// Findings about characters in `text` that cannot be seen or that reorder what is seen; at most `limit`.
[[nodiscard]] std::vector<Finding> hiddenCharacters(const std::string& text, std::size_t limit);

}  // namespace belljar
