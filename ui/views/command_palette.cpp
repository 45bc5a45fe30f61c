#include "ui/views/command_palette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

#include "ui/models/search_rank.h"
#include "ui/views/clearable.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

enum Role { kDetailRole = Qt::UserRole, kShortcutRole };

constexpr int kWidth = 620;
constexpr int kHeight = 420;
constexpr int kPadding = 8;

/// Title on the left, where it stands behind it in a quieter colour, keys on the right.
class PaletteDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, currentTheme().selection);
        const QRect box = option.rect.adjusted(kPadding, 0, -kPadding, 0);
        const QString title = index.data(Qt::DisplayRole).toString();
        const QString shortcut = index.data(kShortcutRole).toString();
        const QFontMetrics metrics(option.font);
        const int right = metrics.horizontalAdvance(shortcut);
        painter->setPen(currentTheme().text);
        const int room = box.width() - right - kPadding;
        painter->drawText(box, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(title, Qt::ElideRight, room));
        painter->setPen(currentTheme().muted);
        painter->drawText(box, Qt::AlignVCenter | Qt::AlignRight, shortcut);
        const QRect rest = box.adjusted(metrics.horizontalAdvance(title) + 2 * kPadding, 0, -right - kPadding, 0);
        const QString detail = metrics.elidedText(index.data(kDetailRole).toString(), Qt::ElideMiddle, rest.width());
        if (rest.width() > 0) painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, detail);
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {0, QFontMetrics(option.font).height() + kPadding};
    }
};

}  // namespace

PaletteModel::PaletteModel(std::vector<PaletteEntry> entries, QObject* parent)
    : QAbstractListModel(parent), m_entries(std::move(entries))
{
    setTyped({});
}

void PaletteModel::setTyped(const QString& typed)
{
    const SearchWords words(typed);
    std::vector<int> ranks(m_entries.size());
    beginResetModel();
    m_rows.clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const PaletteEntry& entry = m_entries[i];
        ranks[i] = words.rank({entry.title, entry.detail, entry.about});
        if (ranks[i] > 0) m_rows.push_back(i);
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [&](std::size_t a, std::size_t b) { return ranks[a] > ranks[b]; });
    endResetModel();
}

const PaletteEntry& PaletteModel::entry(int row) const
{
    return m_entries[m_rows[static_cast<std::size_t>(row)]];
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const PaletteEntry& one = entry(index.row());
    if (role == Qt::DisplayRole) return one.title;
    if (role == kDetailRole) return one.detail;
    if (role == kShortcutRole) return one.shortcut;
    if (role == Qt::AccessibleTextRole) return QStringList({one.title, one.detail, one.shortcut}).join(u", "_s);
    return {};
}

CommandPalette::CommandPalette(std::vector<PaletteEntry> entries, QWidget* parent)
    : QDialog(parent), m_model(std::move(entries)), m_line(new QLineEdit(this)), m_list(new QListView(this))
{
    setObjectName(u"commandPalette"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Find a command or a field"));
    resize(kWidth, kHeight);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_line);
    layout->addWidget(m_list, 1);
    m_line->setAccessibleName(tr("Part of the name"));
    m_line->setPlaceholderText(tr("Type a part of a command or field, e.g. “export” or “timeout”"));
    makeClearable(*m_line);
    m_line->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands and fields"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);  // The arrow keys of the line move in it.
    const auto first = [this] { m_list->setCurrentIndex(m_model.index(0, 0)); };
    first();
    connect(m_line, &QLineEdit::textChanged, this, [this, first](const QString& typed) {
        m_model.setTyped(typed.trimmed());
        first();
    });
    connect(m_line, &QLineEdit::returnPressed, this, &CommandPalette::choose);
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
}

void CommandPalette::choose()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) return;
    // Later, from the window: what runs may open a dialog of its own.
    QMetaObject::invokeMethod(parent(), m_model.entry(current.row()).run, Qt::QueuedConnection);
    accept();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}  // namespace belljar
