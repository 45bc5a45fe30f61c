#include "ui/web/web_bridge.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/config/completion.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/web/field_help.h"
#include "ui/web/utf_offset.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestRequest = 64;

}  // namespace

WebBridge::WebBridge(ProfileDocument& document, QObject* parent) : QObject(parent), m_document(document)
{
    connect(&document, &ProfileDocument::textReset, this, &WebBridge::sendText);
    connect(&document, &ProfileDocument::textEdited, this, &WebBridge::sendEdit);
}

void WebBridge::sendText()
{
    if (!m_connected) return;
    m_mirror = QString::fromStdString(m_document.text());
    ++m_revision;
    emit setDoc(m_revision, m_mirror);
}

void WebBridge::sendEdit(const TextEdit& change, QObject* origin)
{
    if (!m_connected || origin == this) return;
    const std::string before = m_mirror.toStdString();
    const qsizetype from = utf16Offset(before, change.offset);
    const qsizetype length = utf16Offset(std::string_view(before).substr(change.offset), change.length);
    const QString inserted = QString::fromStdString(change.replacement);
    m_mirror.replace(from, length, inserted);
    ++m_revision;
    const QJsonArray changes{QJsonObject{{u"from"_s, from}, {u"to"_s, from + length}, {u"insert"_s, inserted}}};
    emit applyChanges(m_revision, QString::fromUtf8(QJsonDocument(changes).toJson(QJsonDocument::Compact)));
}

void WebBridge::docChanged(int revision, const QString& changes)
{
    if (!m_connected) return;
    if (revision != m_revision || changes.size() > kLongestMessage || !apply(changes)) {
        sendText();
        return;
    }
    ++m_revision;
}

bool WebBridge::apply(const QString& changes)
{
    const QJsonDocument parsed = QJsonDocument::fromJson(changes.toUtf8());
    if (!parsed.isArray()) return false;
    const QJsonArray list = parsed.array();
    qsizetype last = 0;
    for (const QJsonValue& value : list) {
        const auto from = static_cast<qsizetype>(value[u"from"_s].toInteger(-1));
        const auto to = static_cast<qsizetype>(value[u"to"_s].toInteger(-1));
        if (from < last || to < from || to > m_mirror.size() || !value[u"insert"_s].isString()) return false;
        last = to;
    }
    if (list.size() > 1) m_document.undoStack().beginMacro(tr("typing"));
    bool complete = true;
    // From the end, so that the offsets of the others stay true.
    for (qsizetype i = list.size() - 1; i >= 0; --i) {
        const QJsonValue value = list[i];
        const auto from = static_cast<qsizetype>(value[u"from"_s].toInteger());
        const auto length = static_cast<qsizetype>(value[u"to"_s].toInteger()) - from;
        // A lone surrogate is no text; through UTF-8 and back it becomes U+FFFD, which the page then has to get too.
        const QString given = value[u"insert"_s].toString();
        const QString inserted = QString::fromUtf8(given.toUtf8());
        if (inserted != given) {
            complete = false;
            break;
        }
        const std::string before = m_mirror.toStdString();
        const std::size_t begin = utf8Offset(before, from);
        const std::size_t end = utf8Offset(before, from + length);
        m_mirror.replace(from, length, inserted);
        m_document.edit({begin, end - begin, inserted.toStdString()}, tr("typing"), this);
    }
    if (list.size() > 1) m_document.undoStack().endMacro();
    return complete;
}

void WebBridge::cursor(int unit)
{
    m_cursor = unit;
    emit cursorMoved();
}

void WebBridge::request(const QString& kind)
{
    if (kind == "undo"_L1) m_document.undoStack().undo();
    else if (kind == "redo"_L1) m_document.undoStack().redo();
    const QStringList words = kind.left(kLongestRequest).split(u' ');
    bool isId = false;
    bool isUnit = false;
    if (words.size() != 3 || !m_connected) return;
    const int id = words[1].toInt(&isId);
    const int unit = words[2].toInt(&isUnit);
    if (isId && isUnit && unit >= 0) help(words[0], id, unit);
}

void WebBridge::help(const QString& kind, int id, qsizetype unit)
{
    const std::string& text = m_document.text();
    const std::size_t offset = utf8Offset(text, unit);
    QJsonObject found;
    const auto range = [&](std::size_t begin, std::size_t end) {
        found[u"from"_s] = utf16Offset(text, begin);
        found[u"to"_s] = utf16Offset(text, end);
    };
    if (kind == "hover"_L1) {
        const std::optional<Hover> hover = hoverAt(text, offset);
        if (hover) {
            range(hover->begin, hover->end);
            found[u"text"_s] = fieldHelp(hover->field);
        }
    } else if (kind == "complete"_L1) {
        const Completions offered = completionsAt(text, offset);
        QJsonArray items;
        for (const Completion& item : offered.items)
            items.append(QJsonObject{{u"label"_s, shown(completionLabel(item))},
                                     {u"insert"_s, QString::fromStdString(item.insert)},
                                     {u"cursor"_s, static_cast<int>(completionCursor(item))},
                                     {u"detail"_s, shown(item.detail)},
                                     {u"help"_s, shown(item.help)}});
        if (!items.isEmpty()) {
            range(offered.begin, offered.end);
            found[u"items"_s] = items;
        }
    }
    emit answer(id,
                found.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(found).toJson(QJsonDocument::Compact)));
}

void WebBridge::ready()
{
    m_connected = true;
    sendText();
    emit pageReady();
}

}  // namespace belljar
