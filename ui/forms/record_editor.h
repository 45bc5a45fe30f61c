// Edits a list of objects of a profile: one line for each, add and remove, and below it a form of the chosen one. The
// form is made from the same description, so that lists in lists (ports of a rule) work as well.
#pragma once

#include <vector>

#include "ui/forms/field_editors.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace belljar {

class FieldGroup;

class RecordEditor : public FieldEditor {
    Q_OBJECT

public:
    RecordEditor(const FieldInfo& list, const QString& title, QWidget* parent = nullptr);
    void setValue(const JsonText& text, JsonText::NodeId node) override;

private:
    void showElement();
    void addElement();

    FieldInfo m_key;  ///< The field of a new element that the user types.
    QListWidget* m_list;
    QLineEdit* m_new;
    QPushButton* m_add;
    QPushButton* m_remove;
    FieldGroup* m_details;
    std::string m_pointer;  ///< Of the list, with "*" for elements of lists around it.
    const JsonText* m_text = nullptr;
    JsonText::NodeId m_node = JsonText::kNone;
};

/// The values in an element, in their order: "10.0.0.0/8, 443, tcp".
[[nodiscard]] QString elementSummary(const JsonText& text, JsonText::NodeId element);

/// The field of elements of `list` by which a person knows them: the first leaf in the order of the description that is
/// no choice among words.
[[nodiscard]] FieldInfo keyField(const std::string& list);

/// A new element of `list` whose key field is `value`; nothing when that is no value for it.
[[nodiscard]] std::optional<std::string> newElement(const std::string& list, const FieldInfo& key,
                                                    const std::string& value);

}  // namespace belljar
