// Widgets that edit one field of a profile. Each shows a JSON value and says what JSON should stand there instead.
#pragma once

#include <QWidget>

#include <memory>
#include <optional>
#include <string>

#include "core/config/config_io.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace belljar {

class FieldEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Shows the value of `node` (JsonText::kNone: not set). Emits nothing.
    virtual void setValue(const JsonText& text, JsonText::NodeId node) = 0;

signals:
    /// The user chose another value: its JSON text, or nothing for "not set". `below` is what to append to the field's
    /// pointer when only an element changes: "/2", "/-" for a new one; otherwise empty.
    void committed(const std::optional<std::string>& json, const std::string& below = {});
};

/// The editor for a field's type, named `title` for screen readers. Objects have none: their fields do.
[[nodiscard]] std::unique_ptr<FieldEditor> makeFieldEditor(const FieldInfo& field, const QString& title);

/// A line of text, or of digits with a range. Blank is "not set".
class LineField : public FieldEditor {
    Q_OBJECT

public:
    LineField(const FieldInfo& field, const QString& title, QWidget* parent = nullptr);
    void setValue(const JsonText& text, JsonText::NodeId node) override;

private:
    void commit();

    bool m_isNumber;
    std::uint64_t m_minimum;
    std::uint64_t m_maximum;
    QLineEdit* m_line;
    QLabel* m_hidden;  ///< Takes the place of the line when the value holds hidden characters or is too odd to edit.
    QString m_shown;
};

/// One of a few values, or "not set".
class ChoiceField : public FieldEditor {
    Q_OBJECT

public:
    ChoiceField(const FieldInfo& field, const QString& title, QWidget* parent = nullptr);
    void setValue(const JsonText& text, JsonText::NodeId node) override;

private:
    QComboBox* m_choice;
};

}  // namespace belljar
