#include "ui/models/profile_document.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QUndoCommand>

#include <algorithm>
#include <charconv>

#include "core/base/line_ends.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTypingCommand = 1;
constexpr int kParseDelayMs = 150;
constexpr int kLookDelayMs = 200;
constexpr qint64 kTypingPauseMs = 1000;

Error fileError(const QString& path, const QString& reason, const char* message, const char* hint)
{
    return Error{ErrorCode::malformedRequest, message, engineText(path), engineText(reason), hint};
}

/// The content of a profile's file, as it is.
Result<std::string> bytesOf(const QString& path)
{
    // Opening a pipe would wait for its other end.
    if (QFileInfo(path).exists() && !QFileInfo(path).isFile()) {
        return fileError(path, {}, "This is not a regular file.", "Choose a profile: a JSON file.");
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fileError(path, file.errorString(), "The profile cannot be read.", "Choose a file that you may read.");
    }
    const QByteArray bytes = file.read(ProfileDocument::kLargestFile + 1);
    if (file.error() != QFileDevice::NoError) {
        return fileError(path, file.errorString(), "The profile cannot be read.", "Choose a regular file.");
    }
    if (bytes.size() > ProfileDocument::kLargestFile) {
        return fileError(path, {}, "The file is larger than 4 MiB.", "A profile is much smaller: choose another file.");
    }
    // Without valid UTF-8 the editors could not show, and saving could not keep, what is there.
    if (!bytes.isValidUtf8()) {
        return fileError(path, {}, "The file is not valid UTF-8 text.", "Save it as UTF-8 in another editor first.");
    }
    return bytes.toStdString();
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
    // A save is often several changes of the folder; the last one counts.
    m_lookLater.setSingleShot(true);
    m_lookLater.setInterval(kLookDelayMs);
    const auto later = qOverload<>(&QTimer::start);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_lookLater, later);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_lookLater, later);
    connect(&m_lookLater, &QTimer::timeout, this, [this] {
        watchFile();  // A file that was replaced is another one to the watcher.
        if (changedOnDisk()) emit changedByOthers();
    });
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
    watchFile();
    m_undoStack.clear();
    m_config.reset();
    remember(m_text);
    emit textReset();
    emit fileChanged();
    parseNow();
}

Result<std::string> ProfileDocument::readProfileFile(const QString& path)
{
    Result<std::string> text = bytesOf(path);
    if (text) normalizeLineEnds(*text);
    return text;
}

Result<void> ProfileDocument::load(const QString& path)
{
    Result<std::string> text = bytesOf(path);
    if (!text) return text.error();
    reset(*text);
    m_filePath = QFileInfo(path).absoluteFilePath();
    watchFile();
    emit fileChanged();
    parseNow();
    return {};
}

void ProfileDocument::watchFile()
{
    const QStringList old = m_watcher.files() + m_watcher.directories();
    if (!old.isEmpty()) m_watcher.removePaths(old);
    if (!m_filePath.isEmpty()) m_watcher.addPaths({m_filePath, QFileInfo(m_filePath).absolutePath()});
}

std::optional<std::string> ProfileDocument::changedOnDisk() const
{
    if (m_filePath.isEmpty()) return std::nullopt;
    const Result<std::string> text = readProfileFile(m_filePath);
    if (!text || *text == m_savedText) return std::nullopt;
    return *text;
}

void ProfileDocument::acceptDisk(const std::string& text)
{
    remember(text);
    if (text == m_text) m_undoStack.setClean();
    else m_undoStack.resetClean();
    emit fileChanged();
}

std::string ProfileDocument::fileText() const
{
    return m_windowsLineEnds ? withWindowsLineEnds(m_text) : m_text;
}

Result<void> ProfileDocument::save(const QString& path)
{
    if (QFileInfo(path).absoluteFilePath() == m_filePath && changedOnDisk()) {
        emit changedByOthers();
        return fileError(path, {}, "The profile was not saved: another program has changed the file.",
                         "Merge, or keep yours, in the bar above the profile; then save again.");
    }
    const QByteArray bytes = QByteArray::fromStdString(fileText());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return fileError(path, file.errorString(), "The profile was not saved.",
                         "Choose a folder that you may write to.");
    }
    m_filePath = QFileInfo(path).absoluteFilePath();
    remember(m_text);
    watchFile();
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

void ProfileDocument::replaceText(const std::string& text, const QString& label)
{
    std::size_t head = 0;
    while (head < std::min(text.size(), m_text.size()) && text[head] == m_text[head]) ++head;
    std::size_t tail = 0;
    while (tail < std::min(text.size(), m_text.size()) - head &&
           text[text.size() - 1 - tail] == m_text[m_text.size() - 1 - tail])
        ++tail;
    // Not in the middle of a character.
    const auto isInner = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    while (head > 0 && ((head < text.size() && isInner(text[head])) || (head < m_text.size() && isInner(m_text[head]))))
        --head;
    while (tail > 0 && isInner(text[text.size() - tail])) --tail;
    edit({head, m_text.size() - head - tail, text.substr(head, text.size() - head - tail)}, label);
}

Result<void> ProfileDocument::setValue(const std::string& pointer, const std::string& json, const QString& label)
{
    return change({{pointer, json}}, label);
}

Result<void> ProfileDocument::removeValue(const std::string& pointer, const QString& label)
{
    return change({{pointer, std::nullopt}}, label);
}

Result<void> ProfileDocument::change(const std::vector<ProfileChange>& changes, const QString& label)
{
    if (m_parseLater.isActive()) parseNow();
    if (m_error) return *m_error;
    // Tried on a copy first: a step that fails must leave nothing behind.
    Result<std::vector<TextEdit>> edits = editsFor(m_text, changes);
    if (!edits) return edits.error();
    std::string text = m_text;
    for (const TextEdit& each : *edits) text = applyEdit(std::move(text), each);
    const Result<LoadedConfig> checked = readConfig(std::move(text), engineText(name()));
    if (!checked) return checked.error();
    if (edits->size() == 1) {
        edit(edits->front(), label);
        return {};
    }
    m_undoStack.beginMacro(label);
    for (const TextEdit& each : *edits) edit(each, label);
    m_undoStack.endMacro();
    return {};
}

void ProfileDocument::remember(const std::string& text)
{
    m_savedText = text;
    Result<JsonText> parsed = JsonText::parse(text);
    m_savedJson.reset();
    if (parsed) m_savedJson = std::move(*parsed);
}

std::optional<std::string> ProfileDocument::savedValue(const std::string& pointer) const
{
    const JsonText::NodeId node = m_savedJson ? m_savedJson->find(pointer) : JsonText::kNone;
    if (node == JsonText::kNone) return std::nullopt;
    return std::string(m_savedJson->raw(node));
}

std::set<std::string> ProfileDocument::savedList(const std::string& pointer) const
{
    std::set<std::string> texts;
    const JsonText::NodeId list = m_savedJson ? m_savedJson->find(pointer) : JsonText::kNone;
    if (list == JsonText::kNone || m_savedJson->node(list).type != JsonType::array) return texts;
    for (auto id = m_savedJson->node(list).firstChild; id != JsonText::kNone; id = m_savedJson->node(id).nextSibling)
        texts.insert(m_savedJson->string(id));
    return texts;
}

bool ProfileDocument::isChanged(const std::string& pointer) const
{
    if (!m_config) return false;
    const JsonText::NodeId node = m_config->text.find(pointer);
    const auto now = node == JsonText::kNone ? std::nullopt : std::optional(std::string(m_config->text.raw(node)));
    return now != savedValue(pointer);
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
