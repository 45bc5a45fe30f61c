#include "ui/forms/path_picker.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

#include "core/base/path_text.h"
#include "core/policy/host_walk.h"
#include "ui/forms/ask_box.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostCounted = 10'000;

/// Names in the tree may hold anything; what hides or reorders is escaped.
class VisibleFiles : public QFileSystemModel {
public:
    using QFileSystemModel::QFileSystemModel;

    QVariant data(const QModelIndex& index, int role) const override
    {
        const QVariant value = QFileSystemModel::data(index, role);
        const bool text = role == Qt::DisplayRole || role == Qt::AccessibleTextRole;
        return text && index.column() == 0 ? shownElided(engineText(value.toString()), 300) : value;
    }
};

}  // namespace

PathPicker::PathPicker(ProfileAnalysis& analysis, QWidget* parent)
    : QDialog(parent),
      m_analysis(analysis),
      m_files(new VisibleFiles(this)),
      m_tree(new QTreeView(this)),
      m_path(new QLineEdit(this)),
      m_facts(new QLabel(this))
{
    setWindowTitle(tr("Choose a path"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_files->setFilter(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    m_files->setResolveSymlinks(false);
    m_files->setOption(QFileSystemModel::DontUseCustomDirectoryIcons);
    m_files->setRootPath(u"/"_s);
    m_tree->setObjectName(u"pickerTree"_s);
    m_tree->setAccessibleName(tr("Files and folders of this machine"));
    m_tree->setModel(m_files);
    for (int column = 1; column < m_files->columnCount(); ++column) m_tree->hideColumn(column);
    m_tree->setHeaderHidden(true);
    m_tree->setCurrentIndex(m_files->index(QDir::homePath()));
    m_tree->expand(m_tree->currentIndex());
    m_tree->scrollTo(m_tree->currentIndex());
    m_path->setObjectName(u"pickerPath"_s);
    m_path->setAccessibleName(tr("Path"));
    m_path->setText(QDir::homePath());
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_facts->setMargin(fontMetrics().height() / 2);
    m_facts->setObjectName(u"pickerFacts"_s);

    auto* sides = new QSplitter(Qt::Horizontal, this);
    sides->addWidget(m_tree);
    sides->addWidget(m_facts);
    sides->setStretchFactor(0, 3);
    sides->setStretchFactor(1, 2);
    sides->setChildrenCollapsible(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Choose"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_path);
    layout->addWidget(sides, 1);
    layout->addWidget(buttons);
    resize(70 * fontMetrics().averageCharWidth() * 2, 30 * fontMetrics().height());

    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        m_isTyped = m_following;
        if (!m_following) m_path->setText(m_files->filePath(index));
    });
    connect(m_path, &QLineEdit::textChanged, this, &PathPicker::describe);
    connect(m_path, &QLineEdit::textEdited, this, &PathPicker::follow);
    // A folder's names come later than its index, in several parts, and are sorted then.
    const auto keepInSight = [this] {
        if (m_isTyped) m_tree->scrollTo(m_tree->currentIndex(), QAbstractItemView::PositionAtCenter);
    };
    connect(m_files, &QFileSystemModel::directoryLoaded, this, keepInSight, Qt::QueuedConnection);
    connect(m_files, &QAbstractItemModel::rowsInserted, this, keepInSight, Qt::QueuedConnection);
    connect(m_files, &QAbstractItemModel::layoutChanged, this, keepInSight, Qt::QueuedConnection);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, [this] { emit chosen(m_path->text()); });
    describe(m_path->text());
}

/// The tree shows what is typed, without typing over it.
void PathPicker::follow(const QString& path)
{
    const QModelIndex index = m_files->index(path.trimmed());
    if (!index.isValid()) return;
    m_following = true;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
    m_following = false;
}

QString PathPicker::facts(const std::string& path) const
{
    const HostWalk walk = walkHost(path, m_analysis.facts());
    QStringList lines;
    if (walk.end != HostWalk::End::found) lines << tr("Does not exist on this machine, or cannot be looked at.");
    for (const LinkRule& link : walk.links)
        lines << tr("Link: %1 → %2").arg(shownElided(link.path, 300), shownElided(link.target, 300));
    if (walk.canonical != path) lines << tr("Real path: %1").arg(shownElided(walk.canonical, 500));
    if (walk.end != HostWalk::End::found) return lines.join(u'\n');
    const QFileInfo info(QString::fromStdString(walk.canonical));
    lines << tr("Owner: %1").arg(shownElided(engineText(info.owner()), 100));
    if (walk.facts.type == FileType::directory) {
        const std::size_t count = m_analysis.facts().list(walk.canonical).size();
        lines << (count > kMostCounted ? tr("Folder with very many entries") : tr("Folder with %1 entries").arg(count));
    } else {
        lines << tr("File of %1").arg(QLocale().formattedDataSize(info.size()));
    }
    return lines.join(u'\n');
}

void PathPicker::describe(const QString& path)
{
    const std::string typed = engineText(path.trimmed());
    QStringList parts;
    if (isAbsolutePath(typed)) parts << facts(normalizedPath(typed));
    const Result<std::vector<Answer>> answers = m_analysis.askPath(typed);
    if (answers) {
        parts << tr("With the profile as it is now:");
        for (const Answer& answer : *answers) parts << answerLine(answer);
    } else {
        parts << shown(answers.error().message);
    }
    m_facts->setText(parts.join(u"\n\n"_s));
    m_facts->setAccessibleName(m_facts->text());
}

}  // namespace belljar
