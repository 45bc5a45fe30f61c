// Edits a list of strings of a profile: one line each, with add and remove.
#pragma once

#include <vector>

#include "ui/forms/field_editors.h"

class QListWidget;
class QPushButton;

namespace belljar {

class ListEditor : public FieldEditor {
    Q_OBJECT

public:
    explicit ListEditor(const QString& title, QWidget* parent = nullptr);
    void setValue(const JsonText& text, JsonText::NodeId node) override;

private:
    void rebuild();
    void addEntry();
    void removeEntry();
    void entryEdited(int row, const QString& text);

    QListWidget* m_list;
    QLineEdit* m_new;
    QPushButton* m_add;
    QPushButton* m_remove;
    std::vector<std::string> m_entries;
    bool m_filling = false;
};

}  // namespace belljar
