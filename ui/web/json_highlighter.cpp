#include "ui/web/json_highlighter.h"

namespace belljar {

using namespace Qt::StringLiterals;

JsonHighlighter::JsonHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {}

void JsonHighlighter::setTheme(const EditorTheme& theme)
{
    m_theme = theme;
    rehighlight();
}

void JsonHighlighter::highlightBlock(const QString& text)
{
    const auto colour = [this](const QString& role) { return m_theme.colours.value(role); };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype begin = i;
        if (text[i] == u'"') {
            for (++i; i < text.size() && text[i] != u'"'; ++i) {
                if (text[i] == u'\\') ++i;
            }
            qsizetype next = i + 1;
            while (next < text.size() && text[next].isSpace()) ++next;
            const bool isKey = next < text.size() && text[next] == u':';
            setFormat(static_cast<int>(begin), static_cast<int>(i - begin + 1), colour(isKey ? u"key"_s : u"string"_s));
        } else if (text[i].isLetterOrNumber() || text[i] == u'-') {
            while (i + 1 < text.size() && (text[i + 1].isLetterOrNumber() || u"+-."_s.contains(text[i + 1]))) ++i;
            setFormat(static_cast<int>(begin), static_cast<int>(i - begin + 1), colour(u"number"_s));
        } else {
            setFormat(static_cast<int>(begin), 1, colour(u"muted"_s));
        }
    }
}

}  // namespace belljar
