#include "ui/views/home_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/models/containment_model.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMargin = 24;
constexpr int kShownPath = 200;  ///< Characters.

QLabel* heading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.3);
    label->setFont(font);
    return label;
}

QLabel* sentence(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

}  // namespace

HomePage::HomePage(const QList<QAction*>& actions, const BackendList& backends, const SystemFacts& facts,
                   QWidget* parent)
    : QWidget(parent), m_recent(new QListWidget(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(kMargin);
    layout->addWidget(makeBeginning(actions), 2);
    layout->addWidget(makeMachine(backends, facts), 3);
}

QWidget* HomePage::makeBeginning(const QList<QAction*>& actions)
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading(tr("Put a program under the jar"), part));
    layout->addWidget(sentence(tr("Drop a program or script on this window, or type its line above and press F5. It "
                                  "sees only what the profile grants; everything it tries is shown."),
                               part));
    for (QAction* action : actions) addAction(*action, *layout);
    QLabel* recent = heading(tr("&Lately"), part);
    recent->setBuddy(m_recent);
    layout->addSpacing(kMargin / 2);
    layout->addWidget(recent);
    m_recent->setObjectName(u"recent"_s);
    m_recent->setAccessibleName(tr("Profiles that were open lately"));
    layout->addWidget(m_recent, 1);
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { emit recentChosen(item->data(Qt::UserRole).toString()); });
    return part;
}

void HomePage::addAction(QAction& action, QVBoxLayout& layout)
{
    auto* button = new QPushButton(action.icon(), action.text(), this);
    button->setObjectName(u"home-"_s + action.objectName());
    QString keys = action.shortcut().toString(QKeySequence::NativeText);
    if (!keys.isEmpty()) button->setToolTip(keys);
    button->setStyleSheet(u"text-align: left; padding: 8px 12px"_s);
    connect(button, &QPushButton::clicked, &action, &QAction::trigger);
    layout.addWidget(button);
}

QWidget* HomePage::makeMachine(const BackendList& backends, const SystemFacts& facts)
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading(tr("What this machine can run"), part));
    layout->addWidget(sentence(tr("A profile names one containment. What is not here is refused with the reason; "
                                  "nothing weaker is taken instead."),
                               part));
    auto* table = new QTableView(part);
    table->setObjectName(u"containments"_s);
    table->setAccessibleName(tr("Containments of this machine"));
    table->setModel(new ContainmentModel(backends, facts, table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(true);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->resizeColumnsToContents();
    table->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    layout->addWidget(table);
    layout->addStretch(1);
    return part;
}

void HomePage::setRecent(const QStringList& paths)
{
    m_recent->clear();
    for (const QString& path : paths) {
        auto* item = new QListWidgetItem(shownElided(engineText(path), kShownPath), m_recent);
        item->setData(Qt::UserRole, path);
    }
    if (paths.isEmpty()) {
        auto* item = new QListWidgetItem(tr("Nothing yet"), m_recent);
        item->setFlags(Qt::NoItemFlags);
    }
}

}  // namespace belljar
