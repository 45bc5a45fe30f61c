// Everything that can be done or set, found by typing a part of its name (Ctrl+K).
#pragma once

#include <QAbstractListModel>
#include <QDialog>
#include <QString>

#include <functional>
#include <vector>

class QLineEdit;
class QListView;

namespace belljar {

struct PaletteEntry {
    QString title;     ///< What is done, or the field that is gone to; plain text.
    QString detail;    ///< Where it stands, e.g. the menu or the JSON pointer.
    QString shortcut;  ///< Its keys; may be empty.
    std::function<void()> run;
    QString about = {};  ///< What a field is for: found by, not shown.
};

/// The entries in which every typed word, or another for the same, stands; the best first (search_rank.h).
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    explicit PaletteModel(std::vector<PaletteEntry> entries, QObject* parent = nullptr);

    void setTyped(const QString& typed);
    [[nodiscard]] const PaletteEntry& entry(int row) const;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<PaletteEntry> m_entries;
    std::vector<std::size_t> m_rows;  ///< Indices of m_entries, in the order shown.
};

/// Opens over its parent, runs the chosen entry after it has closed, and deletes itself.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    CommandPalette(std::vector<PaletteEntry> entries, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose();

    PaletteModel m_model;
    QLineEdit* m_line;
    QListView* m_list;
};

}  // namespace belljar
