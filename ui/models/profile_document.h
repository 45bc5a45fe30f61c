// The profile being edited. Its text is the truth: the form and every editor are views of it, and each change, from
// wherever, is one small edit on one undo stack.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <QUndoStack>

#include <optional>
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
    /// Empty for a document that was never saved.
    [[nodiscard]] const QString& filePath() const { return m_filePath; }
    /// The file's name, or "untitled"; hostile text, not escaped.
    [[nodiscard]] QString name() const;
    [[nodiscard]] QUndoStack& undoStack() { return m_undoStack; }
    [[nodiscard]] bool isModified() const { return !m_undoStack.isClean(); }

    /// Starts again with `text`: a new document without a file and without history.
    void reset(const std::string& text);
    /// Replaces everything by the file's content. On an error the document stays as it was.
    Result<void> load(const QString& path);
    /// Writes the text atomically, with the line ends the file had, and makes `path` the document's file.
    Result<void> save(const QString& path);

    /// One edit of the text in bytes, undoable. `origin` is who made it and is passed on with textEdited(). Edits of an
    /// editor (typing) join the previous one where they continue it, and are checked a moment later.
    void edit(const TextEdit& change, const QString& label, QObject* origin = nullptr);
    /// Gives `pointer` the value `json` with the smallest edit; refused while the text is invalid.
    Result<void> setValue(const std::string& pointer, const std::string& json, const QString& label);
    /// Takes `pointer` out of the text; refused while the text is invalid.
    Result<void> removeValue(const std::string& pointer, const QString& label);
    /// The same for several steps that are one to the user; all or nothing. Absent JSON removes. A pointer that ends in
    /// "/-" appends to a list, which is made when it is missing or null.
    struct Step {
        std::string pointer;
        std::optional<std::string> json;
    };
    Result<void> change(const std::vector<Step>& steps, const QString& label);

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
    void textEdited(const belljar::TextEdit& change, QObject* origin);
    void textReset();
    /// config() and error() are up to date with text().
    void parsed();
    void fileChanged();
    void modifiedChanged(bool modified);

private:
    friend class TextCommand;
    void apply(const TextEdit& change, QObject* origin);
    Result<std::string> readFile(const QString& path) const;

    std::string m_text;
    QString m_filePath;
    bool m_windowsLineEnds = false;
    QUndoStack m_undoStack;
    QTimer m_parseLater;
    std::optional<LoadedConfig> m_config;
    std::optional<Error> m_error;
};

/// Line and column (from 1, in bytes) of `where` texts such as "name:7:3 (/pointer)"; line 0 when there is none.
[[nodiscard]] SourcePlace placeInWhere(const std::string& where);

}  // namespace belljar
