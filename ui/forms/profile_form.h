// The profile as a form, built from the description of its fields: titles, help, types, and what the chosen containment
// does with each. Every change is a small edit of the document's text.
#pragma once

#include <QTabWidget>

#include <string>
#include <vector>

#include "core/config/config_io.h"
#include "core/config/placeholders.h"
#include "core/model/capability.h"
#include "ui/forms/field_editors.h"

class QFormLayout;
class QLabel;

namespace belljar {

class PathTable;
class ProfileDocument;

class ProfileForm : public QTabWidget {
    Q_OBJECT

public:
    explicit ProfileForm(ProfileDocument& document, QWidget* parent = nullptr);

    /// What the containment enforces: fields that it cannot act on say so.
    void setCapabilities(const std::vector<Capability>& capabilities);
    /// What paths with placeholders stand for.
    void setReplacements(std::vector<PathReplacement> replacements);

signals:
    void failed(const belljar::Error& error);
    void showInText(const std::string& pointer);

private:
    struct FormField {
        FieldInfo info;
        QLabel* note = nullptr;         ///< Help, and what the containment says.
        FieldEditor* editor = nullptr;  ///< nullptr: a field that only the text can edit.
        QLabel* count = nullptr;        ///< For those: how many entries there are.
    };

    void addSection(const QString& title, const QStringList& pointers);
    void addField(const FieldInfo& info, QFormLayout& layout, QWidget& page);
    void addTextOnlyField(FormField& field, const QString& title, QFormLayout& layout, QWidget& page);
    void reload();
    void commit(const FieldInfo& info, const std::string& pointer, const std::optional<std::string>& json);
    [[nodiscard]] QString noteText(const FieldInfo& info) const;

    ProfileDocument& m_document;
    PathTable* m_paths;
    std::vector<FormField> m_fields;
    std::vector<Capability> m_capabilities;
    std::vector<PathReplacement> m_replacements;
};

}  // namespace belljar
