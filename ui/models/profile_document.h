// The profile being edited. Its text is the truth: the form and every editor are views of it, and each change, from
// wherever, is one small edit on one undo stack.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QUndoStack>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/config/config_io.h"

namespace belljar {

class ProfileDocument : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kLargestFile = 4 * 1024 * 1024;  ///< Bytes; larger profiles are refused.

    explicit ProfileDocument(QObject* parent = nullptr);

    /// UTF-8 with "\n" line ends.
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// text() as it is, or would be, in the file: with its line ends.
    [[nodiscard]] std::string fileText() const;
    /// Empty for a document that was never saved.
    [[nodiscard]] const QString& filePath() const { return m_filePath; }
    /// The file's name, or "untitled"; hostile text, not escaped.
    [[nodiscard]] QString name() const;
    [[nodiscard]] QUndoStack& undoStack() { return m_undoStack; }
    [[nodiscard]] bool isModified() const { return !m_undoStack.isClean(); }

    /// What stands in the file now, when somebody else has changed it since it was loaded or saved; nothing when nobody
    /// has, or when it is gone or cannot be read.
    [[nodiscard]] std::optional<std::string> changedOnDisk() const;
    /// Takes what stands in the file for what was saved: the document is then what differs from it.
    void acceptDisk(const std::string& text);

    /// Starts again with `text`: a new document without a file and without history.
    void reset(const std::string& text);
    /// Replaces everything by the file's content. On an error the document stays as it was.
    Result<void> load(const QString& path);
    /// The text of a profile's file with "\n" line ends, without making it the document.
    static Result<std::string> readProfileFile(const QString& path);
    /// Writes the text atomically, with the line ends the file had, and makes `path` the document's file.
    Result<void> save(const QString& path);

    /// One edit of the text in bytes, undoable. `origin` is who made it and is passed on with textEdited(). Edits of an
    /// editor (typing) join the previous one where they continue it, and are checked a moment later.
    void edit(const TextEdit& change, const QString& label, QObject* origin = nullptr);
    /// Replaces the whole text as one undoable edit of what differs.
    void replaceText(const std::string& text, const QString& label);
    /// Gives `pointer` the value `json` with the smallest edit; refused while the text is invalid.
    Result<void> setValue(const std::string& pointer, const std::string& json, const QString& label);
    /// Takes `pointer` out of the text; refused while the text is invalid.
    Result<void> removeValue(const std::string& pointer, const QString& label);
    /// Several changes that are one to the user, see ProfileChange; all or nothing. Refused, too, when the text would
    /// not be a valid profile any more: only a person who types can make it invalid.
    Result<void> change(const std::vector<ProfileChange>& changes, const QString& label);

    /// What the text was when it was loaded, saved or begun.
    [[nodiscard]] const std::string& savedText() const { return m_savedText; }
    /// The JSON of the value that stood at `pointer` then; nothing when there was none.
    [[nodiscard]] std::optional<std::string> savedValue(const std::string& pointer) const;
    /// The strings of the list that stood there then.
    [[nodiscard]] std::set<std::string> savedList(const std::string& pointer) const;
    /// True when another value stands at `pointer` now. As of the last valid state.
    [[nodiscard]] bool isChanged(const std::string& pointer) const;

    /// Whether the text as it is now is a valid configuration.
    [[nodiscard]] bool isValid() const { return !m_error.has_value(); }
    /// The last valid state; absent when there was none.
    [[nodiscard]] const std::optional<LoadedConfig>& config() const { return m_config; }
    /// Why the text is not valid, with its place.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// The byte range that a place points at: to the end of the word there, at least one character where there is one.
    [[nodiscard]] std::pair<std::size_t, std::size_t> rangeOf(const SourcePlace& place) const;
    /// Checks now what typing left to be checked later.
    void parseNow();

signals:
    /// Somebody else has changed the file; see changedOnDisk().
    void changedByOthers();
    void textEdited(const belljar::TextEdit& change, QObject* origin);
    void textReset();
    /// config() and error() are up to date with text().
    void parsed();
    void fileChanged();
    void modifiedChanged(bool modified);

private:
    friend class TextCommand;
    void apply(const TextEdit& change, QObject* origin);
    void remember(const std::string& text);
    void watchFile();

    std::string m_text;
    std::string m_savedText;
    std::optional<JsonText> m_savedJson;  ///< Absent when the saved text was no JSON.
    QString m_filePath;
    bool m_windowsLineEnds = false;
    QUndoStack m_undoStack;
    QTimer m_parseLater;
    QFileSystemWatcher m_watcher;
    QTimer m_lookLater;
    std::optional<LoadedConfig> m_config;
    std::optional<Error> m_error;
};

/// Line and column (from 1, in bytes) of `where` texts such as "name:7:3 (/pointer)"; line 0 when there is none.
[[nodiscard]] SourcePlace placeInWhere(const std::string& where);

}  // namespace belljar
