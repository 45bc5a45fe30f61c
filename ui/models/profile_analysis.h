// What the engine says about the profile being edited: policy, findings, capabilities of its containment. Made anew
// each time the text is valid; the pages of the profile ask here, and ask the policy through it.
#pragma once

#include <QObject>

#include <string>
#include <vector>

#include "core/engine/preparation.h"
#include "core/engine/questions.h"

namespace belljar {

class ProfileDocument;

class ProfileAnalysis : public QObject {
    Q_OBJECT

public:
    /// The references must outlive it.
    ProfileAnalysis(ProfileDocument& document, const HostFacts& facts, const BackendList& backends,
                    QObject* parent = nullptr);

    /// Of the last valid text.
    [[nodiscard]] const Preparation& preparation() const { return m_preparation; }
    /// Why the current text is not valid, or the preparation's findings; with what refuses a run where no finding does.
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }
    [[nodiscard]] const HostFacts& facts() const { return m_facts; }
    [[nodiscard]] const BackendList& backends() const { return m_backends; }
    /// What prepare() is asked for `text` in the place of the document's.
    [[nodiscard]] RunRequest requestFor(const std::string& text) const;

    /// What may be done with a path that a person typed: `~` and placeholders mean what they mean in the profile.
    [[nodiscard]] Result<std::vector<Answer>> askPath(const std::string& typed) const;
    /// Whether an address can be reached: "192.0.2.7:443/tcp", "www.example.org:443".
    [[nodiscard]] Result<Answer> askAddress(const std::string& typed) const;
    /// Where the rule that decided stands in this profile; line 0: nowhere.
    [[nodiscard]] SourcePlace placeOf(const Answer& answer) const;

    /// Makes it anew, e.g. when files on this machine have changed.
    void refresh();

signals:
    void changed();

private:
    ProfileDocument& m_document;
    const HostFacts& m_facts;
    const BackendList& m_backends;
    Preparation m_preparation;
    std::vector<Finding> m_findings;
};

}  // namespace belljar
