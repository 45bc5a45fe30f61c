// Bookmarks and notes of the live page: kept beside the recording at once, so that they survive whatever happens.
#include <QInputDialog>

#include "core/events/recording_notes.h"
#include "ui/models/shown_text.h"
#include "ui/views/live_page.h"

namespace belljar {

using namespace Qt::StringLiterals;

void LivePage::loadNotes(const QString& recording, const std::string& sessionId)
{
    m_recording = recording;
    m_file = recording;
    m_sessionId = sessionId;
    if (recording.isEmpty()) return;
    Result<EventNotes> notes = readNotes(engineText(recording), sessionId);
    if (!notes) {
        m_recording.clear();  // What cannot be read is not written over.
        emit failed(notes.error());
        return;
    }
    m_events->setNotes(std::move(*notes));
}

void LivePage::setNote(std::uint64_t sequence, const std::optional<std::string>& text)
{
    EventNotes notes = m_events->notes();
    if (text) notes[sequence] = *text;
    else notes.erase(sequence);
    const Result<void> written =
        m_recording.isEmpty()
            ? Result<void>(
                  Error{ErrorCode::backendError, "Nothing is recorded here that notes could go with.", {}, {}, {}})
            : writeNotes(engineText(m_recording), m_sessionId, notes);
    if (!written) {
        emit failed(written.error());
        return;
    }
    m_events->setNote(sequence, text ? &*text : nullptr);
}

void LivePage::askNote(std::uint64_t sequence)
{
    const auto known = m_events->notes().find(sequence);
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"note"_s);
    dialog->setWindowTitle(tr("Note"));
    dialog->setLabelText(tr("Note at event %1; without text it is only a bookmark:").arg(sequence));
    if (known != m_events->notes().end()) dialog->setTextValue(shownElided(known->second, kLongestNote));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, sequence](const QString& text) { setNote(sequence, engineText(text)); });
    dialog->open();
}

}  // namespace belljar
