#include "ui/views/history_dialog.h"

#include <QDialogButtonBox>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/run_history.h"
#include "ui/views/icons.h"
#include "ui/views/titled_delegate.h"

namespace belljar {

using namespace Qt::StringLiterals;

HistoryDialog::HistoryDialog(RunHistory& history, QWidget* parent)
    : QDialog(parent), m_history(history), m_list(new QListView(this))
{
    setObjectName(u"history"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Run history"));
    resize(640, 480);
    auto* layout = new QVBoxLayout(this);
    m_list->setAccessibleName(tr("Runs, the newest first, pinned ones above"));
    m_list->setModel(&history);
    m_list->setItemDelegate(new TitledDelegate(m_list));
    m_list->setResizeMode(QListView::Adjust);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_run = buttons->addButton(tr("&Run again"), QDialogButtonBox::AcceptRole);
    m_run->setObjectName(u"runAgain"_s);
    m_run->setIcon(icon(u"run"_s));
    m_run->setDefault(true);
    m_pin = buttons->addButton(tr("&Pin"), QDialogButtonBox::ActionRole);
    m_pin->setObjectName(u"pin"_s);
    m_remove = buttons->addButton(tr("&Forget"), QDialogButtonBox::ActionRole);
    m_remove->setObjectName(u"forget"_s);
    m_reveal = buttons->addButton(tr("&Show secrets"), QDialogButtonBox::ActionRole);
    m_reveal->setObjectName(u"revealRun"_s);
    m_reveal->setCheckable(true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_run, &QPushButton::clicked, this, &HistoryDialog::run);
    connect(m_list, &QListView::doubleClicked, this, &HistoryDialog::run);
    connect(m_pin, &QPushButton::clicked, this, [this] {
        const int row = m_list->currentIndex().row();
        m_history.setPinned(row, !m_history.run(row).pinned);
    });
    connect(m_reveal, &QPushButton::clicked, this,
            [this](bool reveals) { m_history.setRevealed(m_list->currentIndex().row(), reveals); });
    connect(m_remove, &QPushButton::clicked, this, [this] { m_history.remove(m_list->currentIndex().row()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &HistoryDialog::updateButtons);
    connect(&history, &RunHistory::modelReset, this, [this] {
        m_list->setCurrentIndex(m_history.index(0, 0));
        updateButtons();
    });
    m_list->setCurrentIndex(history.index(0, 0));
    updateButtons();
}

void HistoryDialog::updateButtons()
{
    const QModelIndex current = m_list->currentIndex();
    for (QPushButton* button : {m_run, m_pin, m_remove}) button->setEnabled(current.isValid());
    const bool hides = current.isValid() && m_history.hasSecrets(current.row());
    m_reveal->setVisible(hides);
    m_reveal->setChecked(hides && m_history.run(current.row()).revealed);
    m_pin->setText(current.isValid() && m_history.run(current.row()).pinned ? tr("Un&pin") : tr("&Pin"));
}

void HistoryDialog::run()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) return;
    const PastRun chosen = m_history.run(current.row());
    emit runRequested(chosen.command, chosen.profile);
    accept();
}

}  // namespace belljar
