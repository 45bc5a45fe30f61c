// An editor of a profile's text, whatever it is made of: the page in Qt WebEngine or a plain text widget.
#pragma once

#include <QColor>
#include <QMap>
#include <QString>
#include <QWidget>

#include <vector>

#include "core/model/finding.h"

namespace belljar {

class ProfileDocument;

/// Colours by role: base surface text muted border line selection accent key string number error.
struct EditorTheme {
    bool dark = false;
    QMap<QString, QColor> colours;
};

/// A marked stretch of the text, in bytes.
struct EditorMark {
    std::size_t begin = 0;
    std::size_t end = 0;
    Severity severity = Severity::error;
    QString message;  ///< Escaped.
};

/// Follows and edits the document that it was made for; the document outlives it.
class ProfileEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void setTheme(const EditorTheme& theme) = 0;
    virtual void setMarks(const std::vector<EditorMark>& marks) = 0;
    /// Moves cursor and focus to a byte offset and shows its line.
    virtual void goTo(std::size_t offset) = 0;
    /// Opens the editor's own search.
    virtual void find() = 0;
    [[nodiscard]] virtual std::size_t cursorOffset() const = 0;

signals:
    /// The editor can be used. Emitted once, perhaps later than the constructor.
    void ready();
    /// It cannot be used (any more); another editor has to take its place.
    void failed(const QString& reason);
    void cursorMoved();
};

}  // namespace belljar
