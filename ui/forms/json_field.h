// Edits a value of any type as one line of JSON: for fields whose content is nobody's business, such as comments.
#pragma once

#include "ui/forms/field_editors.h"

namespace belljar {

class JsonField : public FieldEditor {
    Q_OBJECT

public:
    explicit JsonField(const QString& title, QWidget* parent = nullptr);
    void setValue(const JsonText& text, JsonText::NodeId node) override;

private:
    void commit();

    QLineEdit* m_line;
    QLabel* m_note;  ///< Takes the line's place for values that one line cannot show; or says what is wrong with it.
    QString m_shown;
};

}  // namespace belljar
