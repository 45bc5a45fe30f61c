#include "ui/forms/network_editor.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/forms/ask_box.h"
#include "ui/forms/rule_table_look.h"
#include "ui/models/network_rule_model.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLines = 7;
// Characters that a column takes at most, so that the addresses have room.
constexpr int kMostAction = 14;
constexpr int kMostPorts = 20;
constexpr int kMostState = 18;

}  // namespace

NetworkEditor::NetworkEditor(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent)
    : QWidget(parent),
      m_model(new NetworkRuleModel(document, analysis, this)),
      m_table(new QTableView(this)),
      m_rule(new QLineEdit(this)),
      m_action(new QComboBox(this)),
      m_add(new QPushButton(tr("Add rule"), this)),
      m_remove(new QPushButton(tr("Remove"), this)),
      m_show(new QPushButton(tr("Show in text"), this)),
      m_ask(new AskBox(analysis, AskBox::About::address, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* help = new QLabel(tr("A denial always wins. What no rule names is decided by \"Otherwise\" below."), this);
    help->setTextFormat(Qt::PlainText);
    help->setWordWrap(true);
    layout->addWidget(help);
    layout->addWidget(m_table);
    layout->addLayout(makeAddRow());
    layout->addWidget(m_ask);
    dressTable();
    connect(m_model, &NetworkRuleModel::failed, this, &NetworkEditor::failed);
    connect(m_model, &QAbstractItemModel::modelReset, this, &NetworkEditor::updateButtons);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &NetworkEditor::updateButtons);
    connect(m_remove, &QPushButton::clicked, this, &NetworkEditor::removeSelected);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (m_table->currentIndex().isValid()) emit showInText(m_model->pointer(m_table->currentIndex().row()));
    });
    connect(m_ask, &AskBox::showInText, this, &NetworkEditor::showInText);
    updateButtons();
}

void NetworkEditor::dressTable()
{
    m_table->setObjectName(u"networkTable"_s);
    m_table->setAccessibleName(tr("Network rules"));
    dressRuleTable(*m_table, *m_model, NetworkRuleModel::kPeers);
    m_table->setTextElideMode(Qt::ElideRight);
    const auto fit = [this] {
        fitColumn(*m_table, NetworkRuleModel::kAction, kMostAction);
        fitColumn(*m_table, NetworkRuleModel::kPorts, kMostPorts);
        fitColumn(*m_table, NetworkRuleModel::kState, kMostState);
    };
    fit();
    connect(m_model, &QAbstractItemModel::modelReset, this, fit);
    m_table->setMinimumHeight(kLines * (fontMetrics().height() + 10));
    setFocusProxy(m_table);
}

QLayout* NetworkEditor::makeAddRow()
{
    m_action->setObjectName(u"newNetworkAction"_s);
    m_action->setAccessibleName(tr("Whether the new rule allows or denies"));
    m_action->addItem(tr("allow"), true);
    m_action->addItem(tr("deny"), false);
    m_rule->setObjectName(u"newNetworkRule"_s);
    m_rule->setAccessibleName(tr("New network rule"));
    m_rule->setPlaceholderText(tr("10.0.0.0/8:443/tcp, *:53/udp or www.example.org:443"));
    m_add->setObjectName(u"addNetworkRule"_s);
    auto* rows = new QVBoxLayout;
    auto* top = new QHBoxLayout;
    top->addWidget(m_action);
    top->addWidget(m_rule, 1);
    rows->addLayout(top);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_add);
    bottom->addStretch();
    bottom->addWidget(m_show);
    bottom->addWidget(m_remove);
    rows->addLayout(bottom);
    connect(m_rule, &QLineEdit::returnPressed, this, &NetworkEditor::addTyped);
    connect(m_rule, &QLineEdit::textChanged, this, &NetworkEditor::updateButtons);
    connect(m_add, &QPushButton::clicked, this, &NetworkEditor::addTyped);
    return rows;
}

void NetworkEditor::setEditable(bool editable)
{
    m_editable = editable;
    updateButtons();
}

void NetworkEditor::updateButtons()
{
    const bool selected = m_table->currentIndex().isValid();
    m_rule->setEnabled(m_editable);
    m_action->setEnabled(m_editable);
    m_add->setEnabled(m_editable && !m_rule->text().trimmed().isEmpty());
    m_remove->setEnabled(m_editable && selected);
    m_show->setEnabled(selected);
}

void NetworkEditor::addTyped()
{
    const std::string words = engineText(m_rule->text().trimmed());
    if (words.empty() || !m_editable) return;
    if (m_model->addRule(words, m_action->currentData().toBool())) m_rule->clear();
}

void NetworkEditor::removeSelected()
{
    if (m_editable && m_table->currentIndex().isValid()) (void)m_model->removeRow(m_table->currentIndex().row());
}

}  // namespace belljar
