// Colours for JSON in a plain text document.
#pragma once

#include <QSyntaxHighlighter>

#include "ui/web/profile_editor.h"

namespace belljar {

class JsonHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    explicit JsonHighlighter(QTextDocument* document);
    void setTheme(const EditorTheme& theme);

protected:
    void highlightBlock(const QString& text) override;

private:
    EditorTheme m_theme;
};

}  // namespace belljar
