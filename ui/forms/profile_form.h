// The profile as a form, built from the description of its fields: titles, help, types, and what the chosen containment
// does with each. A tree of sections at the left, the chosen one beside it. Every change is a small edit of the
// document's text.
#pragma once

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

#include "core/config/config_io.h"

class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace belljar {

class FieldGroup;
class NetworkEditor;
class PathTable;
class ProfileAnalysis;
class ProfileDocument;

class ProfileForm : public QWidget {
    Q_OBJECT

public:
    ProfileForm(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent = nullptr);

    /// Adds a page of another kind below the sections, which wants all the room (see roomWanted()). The form owns it.
    void addPage(const QString& title, QWidget* page);
    [[nodiscard]] int sectionCount() const { return static_cast<int>(m_items.size()); }
    [[nodiscard]] int currentSection() const;
    void showSection(int section);
    void showPage(const QWidget* page);
    /// Shows the section of a field and moves the keyboard to the field's control. `pointer` may name an element.
    void showField(const std::string& pointer);

signals:
    /// The page that is shown now has a table across the window, and no use for the text beside it.
    void roomWanted(bool all);
    void failed(const belljar::Error& error);
    void showInText(const std::string& pointer);

private:
    QWidget* makeTree();
    void fitTree();
    void addSection(const QString& title, QWidget* page, bool isInner);
    QWidget* makePage(const QString& title, const std::vector<std::string>& pointers, QWidget* above);
    void reload();
    void markChanges();
    void commitBelow(const FieldInfo& info, const std::optional<std::string>& json, const std::string& below);
    void revert(const FieldInfo& info);
    void change(const FieldInfo& info, const std::string& pointer, const std::optional<std::string>& json);
    [[nodiscard]] QString noteText(const FieldInfo& info) const;
    void showAnalysis();
    void countProblems();

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    QTreeWidget* m_tree;
    QStackedWidget* m_pages;
    PathTable* m_paths;
    NetworkEditor* m_network;
    std::vector<QTreeWidgetItem*> m_items;  ///< One for each page, in their order.
    std::vector<FieldGroup*> m_groups;
};

}  // namespace belljar
