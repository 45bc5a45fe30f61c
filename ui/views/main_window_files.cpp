// What the main window does with files: profiles, exports, recordings, drops, and drafts that a crash left behind.
#include <QDateTime>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMimeData>
#include <QSaveFile>

#include "core/base/visible.h"
#include "core/engine/sample.h"
#include "core/events/recording_notes.h"
#include "core/events/recording_reader.h"
#include "ui/models/shown_text.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"

namespace belljar {

using namespace Qt::StringLiterals;

bool MainWindow::openProfile(const QString& path)
{
    const Result<void> loaded = m_document.load(path);
    if (!loaded) {
        m_message->showError(loaded.error());
        return false;
    }
    m_message->hide();
    m_launcher->setCommand({});
    rememberRecent(m_document.filePath());
    showPage(kProfilePage);
    return true;
}

void MainWindow::openRecording(const QString& path)
{
    m_message->hide();
    showPage(kLivePage);
    m_sessions->forNewRun().page().openRecording(path);
}

bool MainWindow::openSample()
{
    const Result<std::string> laid = laySample(engineText(m_dataFolder + u"/sample"_s), m_system.homePath);
    if (!laid) {
        m_message->showError(laid.error());
        return false;
    }
    return openProfile(QString::fromStdString(*laid));
}

bool MainWindow::exportTo(const QString& path)
{
    m_document.parseNow();
    RunRequest exported = request();
    exported.argv.clear();
    exported.profileText = m_document.fileText();
    // As the profile's own command line, which means the same as the argument list of a run.
    const std::string line = engineText(m_launcher->command());
    if (!line.empty()) exported.settings.emplace_back("/process/commandLine", jsonQuote(line));
    const Result<std::string> text = exportProfile(exported);
    if (!text) {
        m_message->showError(text.error());
        return false;
    }
    QSaveFile file(path);
    const QByteArray bytes = QByteArray::fromStdString(*text);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        m_message->showError({ErrorCode::backendError, "The JSON was not exported.", engineText(path),
                              engineText(file.errorString()), "Choose a folder that you may write to."});
        return false;
    }
    m_message->showText(Severity::note, tr("Exported to %1").arg(shownElided(engineText(path), 500)));
    return true;
}

bool MainWindow::saveRecordingTo(const QString& path)
{
    QFile target(path);
    const QString source = controller().recordingPath();
    const bool removed = !target.exists() ||
                         QFileInfo(path).canonicalFilePath() == QFileInfo(source).canonicalFilePath() ||
                         target.remove();
    const QString notes = QString::fromStdString(notesPath(engineText(source)));
    const bool noted = !source.isEmpty() && QFile::exists(notes);
    const QString notesTarget = QString::fromStdString(notesPath(engineText(path)));
    if (noted) QFile::remove(notesTarget);
    if (source.isEmpty() || !removed || !QFile::copy(source, path) || (noted && !QFile::copy(notes, notesTarget))) {
        m_message->showError({ErrorCode::backendError, "The recording was not saved.", engineText(path),
                              engineText(target.errorString()),
                              "Choose another file in a folder that you may write to."});
        return false;
    }
    m_message->showText(Severity::note, tr("Recording saved as %1").arg(shownElided(engineText(path), 500)));
    return true;
}

void MainWindow::chooseFile(const QString& title, bool forSaving, const QString& suggestion,
                            std::function<void(QString)> use, const QStringList& kinds)
{
    auto* dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(forSaving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(forSaving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    if (!m_document.filePath().isEmpty()) dialog->setDirectory(QFileInfo(m_document.filePath()).absolutePath());
    if (!kinds.isEmpty()) {
        dialog->setNameFilters(kinds);
        const auto useSuffix = [dialog](const QString& kind) {
            dialog->setDefaultSuffix(kind.section(u"*."_s, -1).remove(u')'));
        };
        useSuffix(kinds.first());
        connect(dialog, &QFileDialog::filterSelected, dialog, useSuffix);
    }
    if (!suggestion.isEmpty()) dialog->selectFile(suggestion);
    connect(dialog, &QFileDialog::fileSelected, this, [chosen = std::move(use)](const QString& path) { chosen(path); });
    dialog->open();
}

void MainWindow::takeDropped(const QString& path)
{
    const QFileInfo info(path);
    if (isRecording(engineText(path))) {
        openRecording(path);
        return;
    }
    if (info.suffix() == "json"_L1) {
        whenSaved([this, path] { openProfile(path); });
        return;
    }
    const QString folder = info.isDir() ? path : info.absolutePath();
    if (info.isFile()) {
        const std::string word = shellQuote(engineText(info.absoluteFilePath()));
        m_launcher->setCommand(QString::fromStdString(info.isExecutable() ? word : "sh " + word));
    }
    const std::string granted = engineText(folder);
    m_message->offer(
        tr("The sandbox sees only what the profile grants. Let it read %1?").arg(shownElided(granted, 500)),
        tr("Grant read only"), [this, granted] {
            const Result<void> result = m_document.setValue("/filesystem/readonlyPaths/-", jsonQuote(granted),
                                                            tr("grant %1").arg(menuText(granted)));
            if (!result) m_message->showError(result.error());
        });
}

/// What a crash left behind comes back only when the user wants it.
void MainWindow::offerDraft()
{
    const std::optional<Draft> draft = DraftKeeper::abandoned(m_dataFolder + kDraftFolder);
    if (!draft) return;
    const QString name =
        draft->filePath.isEmpty() ? tr("a profile without a file") : shownElided(engineText(draft->filePath), 300);
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(draft->writtenAtMs);
    m_message->offer(tr("Belljar ended without saving edits of %1, made until %2.")
                         .arg(name, QLocale().toString(when, QLocale::ShortFormat)),
                     tr("Restore the edits"),
                     [this, found = *draft] { whenSaved([this, found] { DraftKeeper::restore(found, m_document); }); });
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.first().isLocalFile()) return;
    event->acceptProposedAction();
    takeDropped(urls.first().toLocalFile());
}

}  // namespace belljar
