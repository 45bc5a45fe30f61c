#include "ui/views/preflight_dialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/secret_text.h"
#include "core/base/visible.h"
#include "core/engine/plan_text.h"
#include "ui/models/finding_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_delegate.h"
#include "ui/views/icons.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize kSize(820, 620);
constexpr int kFindingLines = 5;

QLabel* heading(const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(buddy);
    return label;
}

}  // namespace

std::string cliLine(const std::string& file, const std::string& command)
{
    std::string line = "belljar run --trace full " + shellQuote(file);
    if (!command.empty()) line += " -- sh -c " + shellQuote(command);
    return line;
}

PreflightDialog::PreflightDialog(const Preparation& preparation, const std::string& line, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(u"preflight"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("What would run"));
    resize(kSize);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeFindings(preparation));
    layout->addWidget(makeLine(line));

    auto* plan = new QPlainTextEdit(this);
    plan->setObjectName(u"plan"_s);
    plan->setReadOnly(true);
    plan->setLineWrapMode(QPlainTextEdit::NoWrap);
    plan->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    plan->setAccessibleName(tr("The sandbox in detail"));
    plan->setTabChangesFocus(true);
    if (preparation.plan && preparation.policy) m_plan = planText(*preparation.plan, preparation.policy->limits);
    else if (preparation.error) plan->setPlainText(tr("There is no plan: %1").arg(shown(describe(*preparation.error))));
    layout->addWidget(heading(tr("The sandbox in &detail, as belljar plan shows it:"), plan));
    layout->addWidget(plan, 1);
    auto* reveal = new QCheckBox(tr("&Show secrets"), this);
    reveal->setObjectName(u"revealPlan"_s);
    reveal->setToolTip(tr("Something here looks like a password, a key or a token, and is masked"));
    reveal->setVisible(!secretSpans(m_plan).empty() || !secretSpans(line).empty());
    layout->addWidget(reveal);
    connect(reveal, &QCheckBox::toggled, this, &PreflightDialog::showTexts);
    m_line = line;
    showTexts(false);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* run = buttons->addButton(tr("&Run"), QDialogButtonBox::AcceptRole);
    run->setIcon(icon(u"run"_s));
    run->setEnabled(preparation.plan.has_value());
    run->setDefault(true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        emit runRequested();
        accept();
    });
}

void PreflightDialog::showTexts(bool withSecrets)
{
    const auto masked = [withSecrets](const std::string& text) { return withSecrets ? text : withoutSecrets(text); };
    auto* line = findChild<QLineEdit*>(u"cliLine"_s);
    line->setText(shown(masked(m_line)));
    line->setCursorPosition(0);
    if (!m_plan.empty()) findChild<QPlainTextEdit*>(u"plan"_s)->setPlainText(QString::fromStdString(masked(m_plan)));
}

QWidget* PreflightDialog::makeFindings(const Preparation& preparation)
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* model = new FindingModel(part);
    model->setFindings(preparation.findings);
    auto* list = new QListView(part);
    list->setObjectName(u"findings"_s);
    list->setAccessibleName(tr("What is missing or worth knowing"));
    list->setModel(model);
    list->setItemDelegate(new FindingDelegate(list));
    list->setWordWrap(true);
    const int lines = std::clamp(model->rowCount(), 1, kFindingLines);
    list->setFixedHeight(lines * (2 * fontMetrics().height() + 8) + 2 * list->frameWidth());
    layout->addWidget(heading(tr("Problems: %1").arg(model->summary()), list));
    layout->addWidget(list);
    list->setVisible(!preparation.findings.empty());
    return part;
}

QWidget* PreflightDialog::makeLine(const std::string& line)
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* text = new QLineEdit(part);
    text->setObjectName(u"cliLine"_s);
    text->setReadOnly(true);
    text->setAccessibleName(tr("The same in a terminal"));
    text->setPlaceholderText(tr("Save the profile first: in a terminal it is read from its file."));
    auto* copy = new QPushButton(tr("&Copy"), part);
    copy->setObjectName(u"copyLine"_s);
    copy->setEnabled(!line.empty());
    // What is shown may hold escapes for what cannot be seen; what is copied is the line itself.
    connect(copy, &QPushButton::clicked, this,
            [line] { QApplication::clipboard()->setText(QString::fromStdString(line)); });
    auto* row = new QHBoxLayout;
    row->addWidget(text, 1);
    row->addWidget(copy);
    layout->addWidget(heading(tr("The same in a &terminal:"), text));
    layout->addLayout(row);
    return part;
}

}  // namespace belljar
