#include "ui/forms/json_field.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/models/shown_text.h"

namespace belljar {

JsonField::JsonField(const QString& title, QWidget* parent)
    : FieldEditor(parent), m_line(new QLineEdit(this)), m_note(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_line);
    layout->addWidget(m_note);
    m_line->setAccessibleName(title);
    m_line->setPlaceholderText(tr("not set (JSON, for example \"text\" or 5)"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->hide();
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::editingFinished, this, &JsonField::commit);
}

void JsonField::setValue(const JsonText& text, JsonText::NodeId node)
{
    const std::string_view raw = node == JsonText::kNone ? std::string_view() : text.raw(node);
    const bool editable = fitsLineEdit(raw);
    m_line->setVisible(editable);
    m_note->setVisible(!editable);
    if (!editable) {
        m_note->setText(
            tr("%1 (has several lines or hidden characters: change it in the text)").arg(shownElided(raw, 300)));
        return;
    }
    m_shown = QString::fromUtf8(raw.data(), static_cast<qsizetype>(raw.size()));
    if (m_line->text() != m_shown) m_line->setText(m_shown);
}

void JsonField::commit()
{
    if (m_line->text() == m_shown) return;
    const std::string json = engineText(m_line->text().trimmed());
    const Result<JsonText> parsed = JsonText::parse(json);
    m_note->setVisible(!json.empty() && !parsed);
    if (json.empty()) {
        emit committed(std::nullopt);
    } else if (parsed) {
        emit committed(json);
    } else {
        m_note->setText(tr("This is no JSON: %1").arg(shownElided(parsed.error().message, 300)));
    }
}

}  // namespace belljar
