// Some fields of the description as rows of a form: title, editor, help, and whether the value was changed since the
// profile was saved.
#pragma once

#include <QWidget>

#include <functional>
#include <string>
#include <vector>

#include "core/config/config_io.h"

class QFormLayout;
class QLabel;
class QToolButton;

namespace belljar {

class FieldEditor;

class FieldGroup : public QWidget {
    Q_OBJECT

public:
    /// A row for each field at or below one of `pointers`, which are `base` or stand below it: leaves, and lists of
    /// objects as a whole. Pointers have "*" for elements of lists.
    FieldGroup(std::string base, const std::vector<std::string>& pointers, QWidget* parent = nullptr);

    /// Shows the values below `node`, which stands at `base`. `text` must live until the next call.
    void setValues(const JsonText& text, JsonText::NodeId node);
    /// The text below the title of each row.
    void setNotes(const std::function<QString(const FieldInfo&)>& note);
    /// Marks the rows for which `changed` is true, with a button to revert.
    void markChanges(const std::function<bool(const FieldInfo&)>& changed);
    void setEditable(bool editable);
    [[nodiscard]] bool isEmpty() const { return m_rows.empty(); }

signals:
    /// The user gave what stands at `base` + `below` another value; nothing: took it out.
    void committed(const belljar::FieldInfo& field, const std::optional<std::string>& json, const std::string& below);
    void revertRequested(const belljar::FieldInfo& field);

private:
    struct Row {
        FieldInfo info;
        FieldEditor* editor = nullptr;
        QLabel* note = nullptr;
        QToolButton* revert = nullptr;
    };

    void addRow(const FieldInfo& info, const QString& title, QFormLayout& layout);

    std::string m_base;
    std::vector<Row> m_rows;
};

/// True when `pointer` is `ancestor` or stands below it.
[[nodiscard]] bool isBelow(const std::string& pointer, const std::string& ancestor);

/// The value at `pointer` (from `node`, which stands at ""), also where the text uses another spelling of a key.
[[nodiscard]] JsonText::NodeId valueAt(const JsonText& text, JsonText::NodeId node, const std::string& pointer);

/// `pointer` as the text spells it: with "appContainer" where that stands for "processContainer".
[[nodiscard]] std::string writtenPointer(const JsonText& text, std::string pointer);

}  // namespace belljar
