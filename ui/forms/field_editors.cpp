#include "ui/forms/field_editors.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpressionValidator>

#include "core/base/visible.h"
#include "ui/forms/json_field.h"
#include "ui/forms/list_editor.h"
#include "ui/forms/record_editor.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::uint64_t kHardlyReached = 1'000'000'000;

QHBoxLayout* rowLayout(QWidget* parent)
{
    auto* layout = new QHBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    return layout;
}

}  // namespace

std::unique_ptr<FieldEditor> makeFieldEditor(const FieldInfo& field, const QString& title)
{
    if (field.ofObjects) return std::make_unique<RecordEditor>(field, title);
    if (field.type == "array") return std::make_unique<ListEditor>(title);
    if (field.type == "boolean" || !field.values.empty()) return std::make_unique<ChoiceField>(field, title);
    if (field.type == "any") return std::make_unique<JsonField>(title);
    return std::make_unique<LineField>(field, title);
}

LineField::LineField(const FieldInfo& field, const QString& title, QWidget* parent)
    : FieldEditor(parent),
      m_isNumber(field.type == "integer"),
      m_minimum(field.minimum),
      m_maximum(field.maximum),
      m_line(new QLineEdit(this)),
      m_hidden(new QLabel(this))
{
    QHBoxLayout* layout = rowLayout(this);
    layout->addWidget(m_line);
    layout->addWidget(m_hidden);
    m_line->setAccessibleName(title);
    m_line->setPlaceholderText(tr("not set"));
    m_hidden->setTextFormat(Qt::PlainText);
    m_hidden->setWordWrap(true);
    m_hidden->hide();
    setFocusProxy(m_line);
    if (m_isNumber) {
        m_line->setValidator(new QRegularExpressionValidator(QRegularExpression(u"[0-9]{0,15}"_s), m_line));
        // A number that no machine reaches is no limit worth telling.
        if (m_maximum != 0 && m_maximum < kHardlyReached)
            m_line->setPlaceholderText(tr("not set (%1 to %2)").arg(m_minimum).arg(m_maximum));
    }
    connect(m_line, &QLineEdit::editingFinished, this, &LineField::commit);
}

void LineField::setValue(const JsonText& text, JsonText::NodeId node)
{
    std::string value;
    if (node != JsonText::kNone && text.node(node).type != JsonType::null) {
        value = text.node(node).type == JsonType::string ? text.string(node) : std::string(text.raw(node));
    }
    const bool editable = fitsLineEdit(value);
    m_line->setVisible(editable);
    m_hidden->setVisible(!editable);
    if (!editable) {
        m_hidden->setText(tr("%1 (holds hidden characters: change it in the text)").arg(shownElided(value, 300)));
        return;
    }
    m_shown = QString::fromStdString(value);
    // Leave the cursor alone while the user types a value that is the same.
    if (m_line->text() != m_shown) m_line->setText(m_shown);
}

void LineField::commit()
{
    if (m_line->text() == m_shown) return;
    const std::string value = engineText(m_line->text());
    if (value.empty()) {
        emit committed(std::nullopt);
        return;
    }
    if (!m_isNumber) {
        emit committed(jsonQuote(value));
        return;
    }
    bool ok = false;
    const quint64 number = m_line->text().toULongLong(&ok);
    if (!ok || number < m_minimum || (m_maximum != 0 && number > m_maximum)) {
        m_line->setText(m_shown);
        return;
    }
    emit committed(std::to_string(number));
}

ChoiceField::ChoiceField(const FieldInfo& field, const QString& title, QWidget* parent)
    : FieldEditor(parent), m_choice(new QComboBox(this))
{
    QHBoxLayout* layout = rowLayout(this);
    layout->addWidget(m_choice);
    layout->addStretch();
    setFocusProxy(m_choice);
    m_choice->setAccessibleName(title);
    m_choice->addItem(tr("not set"), QString());
    if (field.type == "boolean") {
        m_choice->addItem(tr("yes"), u"true"_s);
        m_choice->addItem(tr("no"), u"false"_s);
    }
    for (const std::string& value : field.values)
        m_choice->addItem(shown(value), QString::fromStdString(jsonQuote(value)));
    connect(m_choice, &QComboBox::activated, this, [this] {
        const std::string json = engineText(m_choice->currentData().toString());
        emit committed(json.empty() ? std::nullopt : std::optional(json));
    });
}

void ChoiceField::setValue(const JsonText& text, JsonText::NodeId node)
{
    const bool set = node != JsonText::kNone && text.node(node).type != JsonType::null;
    const QString json =
        set ? QString::fromUtf8(text.raw(node).data(), static_cast<qsizetype>(text.raw(node).size())) : QString();
    int index = m_choice->findData(json);
    if (index < 0) {
        // Valid, but not a choice of ours (an escaped spelling): show it rather than another value.
        m_choice->addItem(shown(text.raw(node)), json);
        index = m_choice->count() - 1;
    }
    m_choice->setCurrentIndex(index);
}

}  // namespace belljar
