#include "ui/models/profile_document.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QUndoCommand>

#include <algorithm>
#include <charconv>

#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTypingCommand = 1;
constexpr int kParseDelayMs = 150;
constexpr qint64 kTypingPauseMs = 1000;

Error fileError(const QString& path, const QString& reason, const char* message, const char* hint)
{
    return Error{ErrorCode::malformedRequest, message, engineText(path), engineText(reason), hint};
}

/// Every line end as "\n"; true when all of them were "\r\n", so that saving can restore them.
bool normalizeLineEnds(std::string& text)
{
    std::string out;
    out.reserve(text.size());
    bool allWindows = text.find("\r\n") != std::string::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool windows = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (windows) ++i;
        else if (text[i] == '\r' || text[i] == '\n') allWindows = false;
        out += text[i] == '\r' ? '\n' : text[i];
    }
    text = std::move(out);
    return allWindows;
}

Result<TextEdit> editFor(const JsonText& text, const std::string& pointer, const std::string& json)
{
    if (!pointer.ends_with("/-")) return editSet(text, pointer, json);
    const std::string list = pointer.substr(0, pointer.size() - 2);
    const JsonText::NodeId node = text.find(list);
    const bool exists = node != JsonText::kNone && text.node(node).type == JsonType::array;
    return exists ? editSet(text, pointer, json) : editSet(text, list, "[" + json + "]");
}

}  // namespace

/// Knows what it takes out, so that undo is exact; typing that goes on where the last edit ended joins it.
class TextCommand : public QUndoCommand {
public:
    TextCommand(ProfileDocument& document, TextEdit change, QObject* origin, const QString& label)
        : QUndoCommand(label),
          m_document(document),
          m_change(std::move(change)),
          m_removed(document.text().substr(m_change.offset, m_change.length)),
          m_origin(origin),
          m_typing(origin != nullptr)
    {
        m_age.start();
    }

    int id() const override { return m_typing ? kTypingCommand : -1; }

    void redo() override
    {
        m_document.apply(m_change, m_origin);
        m_origin = nullptr;  // Later redos come from the stack: everyone has to follow.
    }

    void undo() override { m_document.apply({m_change.offset, m_change.replacement.size(), m_removed}, nullptr); }

    bool mergeWith(const QUndoCommand* command) override
    {
        const auto* next = static_cast<const TextCommand*>(command);
        const bool insertsOn = next->m_change.length == 0 && m_change.length == 0 &&
                               next->m_change.offset == m_change.offset + m_change.replacement.size() &&
                               next->m_change.replacement.find('\n') == std::string::npos;
        const bool erasesOn = m_change.replacement.empty() && next->m_change.replacement.empty() &&
                              next->m_change.offset + next->m_change.length == m_change.offset;
        if (m_age.restart() > kTypingPauseMs || (!insertsOn && !erasesOn)) return false;
        if (insertsOn) {
            m_change.replacement += next->m_change.replacement;
        } else {
            m_change.offset = next->m_change.offset;
            m_change.length += next->m_change.length;
            m_removed = next->m_removed + m_removed;
        }
        return true;
    }

private:
    ProfileDocument& m_document;
    TextEdit m_change;
    std::string m_removed;
    QPointer<QObject> m_origin;
    bool m_typing;
    QElapsedTimer m_age;
};

ProfileDocument::ProfileDocument(QObject* parent) : QObject(parent)
{
    m_parseLater.setSingleShot(true);
    m_parseLater.setInterval(kParseDelayMs);
    connect(&m_parseLater, &QTimer::timeout, this, &ProfileDocument::parseNow);
    connect(&m_undoStack, &QUndoStack::cleanChanged, this, [this](bool clean) { emit modifiedChanged(!clean); });
    reset("{}\n");
}

QString ProfileDocument::name() const
{
    return m_filePath.isEmpty() ? tr("untitled") : QFileInfo(m_filePath).fileName();
}

void ProfileDocument::reset(const std::string& text)
{
    m_text = text;
    m_windowsLineEnds = normalizeLineEnds(m_text);
    m_filePath.clear();
    m_undoStack.clear();
    m_config.reset();
    emit textReset();
    emit fileChanged();
    parseNow();
}

Result<std::string> ProfileDocument::readFile(const QString& path) const
{
    // Opening a pipe would wait for its other end.
    if (QFileInfo(path).exists() && !QFileInfo(path).isFile()) {
        return fileError(path, {}, "This is not a regular file.", "Choose a profile: a JSON file.");
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fileError(path, file.errorString(), "The profile cannot be read.", "Choose a file that you may read.");
    }
    const QByteArray bytes = file.read(kLargestFile + 1);
    if (file.error() != QFileDevice::NoError) {
        return fileError(path, file.errorString(), "The profile cannot be read.", "Choose a regular file.");
    }
    if (bytes.size() > kLargestFile) {
        return fileError(path, {}, "The file is larger than 4 MiB.", "A profile is much smaller: choose another file.");
    }
    // Without valid UTF-8 the editors could not show, and saving could not keep, what is there.
    if (!bytes.isValidUtf8()) {
        return fileError(path, {}, "The file is not valid UTF-8 text.", "Save it as UTF-8 in another editor first.");
    }
    return bytes.toStdString();
}

Result<void> ProfileDocument::load(const QString& path)
{
    Result<std::string> text = readFile(path);
    if (!text) return text.error();
    reset(*text);
    m_filePath = QFileInfo(path).absoluteFilePath();
    emit fileChanged();
    parseNow();
    return {};
}

Result<void> ProfileDocument::save(const QString& path)
{
    QByteArray bytes = QByteArray::fromStdString(m_text);
    if (m_windowsLineEnds) bytes.replace("\n", "\r\n");
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return fileError(path, file.errorString(), "The profile was not saved.",
                         "Choose a folder that you may write to.");
    }
    m_filePath = QFileInfo(path).absoluteFilePath();
    m_undoStack.setClean();
    emit fileChanged();
    parseNow();
    return {};
}

void ProfileDocument::edit(const TextEdit& change, const QString& label, QObject* origin)
{
    if (change.offset > m_text.size() || change.length > m_text.size() - change.offset) return;
    if (m_text.compare(change.offset, change.length, change.replacement) == 0) return;
    m_undoStack.push(new TextCommand(*this, change, origin, label));
}

void ProfileDocument::apply(const TextEdit& change, QObject* origin)
{
    m_text.replace(change.offset, change.length, change.replacement);
    emit textEdited(change, origin);
    if (origin != nullptr) m_parseLater.start();
    else parseNow();
}

Result<void> ProfileDocument::setValue(const std::string& pointer, const std::string& json, const QString& label)
{
    return change({{pointer, json}}, label);
}

Result<void> ProfileDocument::removeValue(const std::string& pointer, const QString& label)
{
    return change({{pointer, std::nullopt}}, label);
}

Result<void> ProfileDocument::change(const std::vector<Step>& steps, const QString& label)
{
    if (m_parseLater.isActive()) parseNow();
    if (m_error) return *m_error;
    // Tried on a copy first: a step that fails must leave nothing behind.
    std::string text = m_text;
    std::vector<TextEdit> edits;
    for (const Step& step : steps) {
        const Result<JsonText> parsed = JsonText::parse(text, engineText(name()));
        if (!parsed) return parsed.error();
        Result<TextEdit> edit =
            step.json ? editFor(*parsed, step.pointer, *step.json) : editRemove(*parsed, step.pointer);
        if (!edit) return edit.error();
        text = applyEdit(std::move(text), *edit);
        edits.push_back(std::move(*edit));
    }
    if (edits.size() == 1) {
        edit(edits.front(), label);
        return {};
    }
    m_undoStack.beginMacro(label);
    for (const TextEdit& each : edits) edit(each, label);
    m_undoStack.endMacro();
    return {};
}

void ProfileDocument::parseNow()
{
    m_parseLater.stop();
    Result<LoadedConfig> loaded = readConfig(m_text, engineText(name()));
    if (loaded) {
        m_config = std::move(*loaded);
        m_error.reset();
    } else {
        m_error = loaded.error();
    }
    emit parsed();
}

std::pair<std::size_t, std::size_t> ProfileDocument::rangeOf(const SourcePlace& place) const
{
    if (place.line == 0) return {0, 0};
    std::size_t begin = 0;
    for (std::uint32_t line = 1; line < place.line; ++line) {
        const std::size_t next = m_text.find('\n', begin);
        if (next == std::string::npos) return {m_text.size(), m_text.size()};
        begin = next + 1;
    }
    const std::size_t lineEnd = std::min(m_text.find('\n', begin), m_text.size());
    begin = std::min(begin + (place.column > 0 ? place.column - 1 : 0), lineEnd);
    std::size_t end = begin;
    while (end < lineEnd && m_text[end] != ',' && m_text[end] != ' ') ++end;
    return {begin, std::max(end, std::min(begin + 1, lineEnd))};
}

SourcePlace placeInWhere(const std::string& where)
{
    SourcePlace place;
    const std::size_t paren = where.rfind(" (");
    if (paren != std::string::npos && where.back() == ')') {
        place.pointer = where.substr(paren + 2, where.size() - paren - 3);
    }
    const std::string head = where.substr(0, paren);
    const std::size_t second = head.rfind(':');
    const std::size_t first =
        second == std::string::npos || second == 0 ? std::string::npos : head.rfind(':', second - 1);
    if (second == std::string::npos) return place;
    const std::size_t lineBegin = first == std::string::npos ? 0 : first + 1;
    std::from_chars(head.data() + lineBegin, head.data() + second, place.line);
    std::from_chars(head.data() + second + 1, head.data() + head.size(), place.column);
    return place;
}

}  // namespace belljar
