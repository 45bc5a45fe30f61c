// Unsaved edits survive a crash: a moment after each edit the text is written beside the recordings, and it is taken
// away when the profile is saved, left, or the app ends in order. What a start finds there was left behind by a crash.
#pragma once

#include <QLockFile>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>

namespace belljar {

class ProfileDocument;

/// What was being edited.
struct Draft {
    QString keptIn;    ///< The draft's own file.
    QString filePath;  ///< The profile's file; empty when it was never saved.
    std::string text;
    qint64 writtenAtMs = 0;  ///< Since the epoch.
};

class DraftKeeper : public QObject {
    Q_OBJECT

public:
    static constexpr int kDelayMs = 1000;    ///< From the last edit to the draft on disk.
    static constexpr int kKeptForDays = 14;  ///< Older drafts are removed by abandoned().

    /// `document` must outlive it. `folder` is made when it is needed.
    DraftKeeper(ProfileDocument& document, const QString& folder, QObject* parent = nullptr);
    /// Removes the draft: whoever gets here ended in order and was asked about unsaved edits.
    ~DraftKeeper() override;

    /// The newest draft that no running app holds; damaged ones are passed over.
    [[nodiscard]] static std::optional<Draft> abandoned(const QString& folder);
    /// Makes `draft` the document's content, as one edit that can be undone, over its file where that is still there.
    static void restore(const Draft& draft, ProfileDocument& document);
    /// Writes at once what waits.
    void flush();

private:
    void textChanged();
    void remove();

    ProfileDocument& m_document;
    QString m_folder;
    QString m_path;  ///< Of the draft; empty before the first.
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_later;
};

}  // namespace belljar
