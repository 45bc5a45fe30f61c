#include "ui/views/explain_pane.h"

#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/views/data_text.h"
#include "ui/views/fix_list.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

ExplainPane::ExplainPane(QWidget* parent)
    : QScrollArea(parent),
      m_hint(new QLabel(this)),
      m_rows(new QWidget(this)),
      m_layout(new QFormLayout(m_rows)),
      m_verdictIcon(new QLabel(m_rows)),
      m_verdict(new QLabel(m_rows)),
      m_goTo(new QPushButton(tr("Go to the rule"), m_rows)),
      m_fixes(new FixList(m_rows)),
      m_showSecrets(new QToolButton(m_rows)),
      m_showRaw(new QToolButton(m_rows)),
      m_raw(new DataText(12, m_rows))
{
    setObjectName(u"explainPane"_s);
    setAccessibleName(tr("Explanation of the event"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(this);
    auto* contentLayout = new QVBoxLayout(content);
    contentLayout->addWidget(m_hint);
    contentLayout->addWidget(m_rows);
    contentLayout->addStretch();
    setWidget(content);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setText(tr("Select an event and press Enter, or double-click it, to see why it was allowed or denied."));
    m_hint->setForegroundRole(QPalette::PlaceholderText);

    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* verdictRow = new QHBoxLayout;
    verdictRow->addWidget(m_verdictIcon);
    verdictRow->addWidget(m_verdict, 1);
    verdictRow->addWidget(m_goTo);
    m_verdict->setTextFormat(Qt::PlainText);
    m_goTo->setObjectName(u"goToRule"_s);
    m_layout->addRow(verdictRow);
    m_layout->addRow(m_fixes);
    m_object = addRow(*m_layout, tr("Object"), 6);
    m_what = addRow(*m_layout, tr("What"), 4);
    m_detail = addRow(*m_layout, tr("Details"), 4);
    m_who = addRow(*m_layout, tr("Who"), 3);
    m_rule = addRow(*m_layout, tr("Why"), 4);
    m_origin = addRow(*m_layout, tr("Written in"), 3);
    m_mechanism = addRow(*m_layout, tr("Mechanism"), 4);
    m_note = addRow(*m_layout, tr("Note"), 6);
    m_showSecrets->setText(tr("Show secrets"));
    m_showSecrets->setObjectName(u"showSecrets"_s);
    m_showSecrets->setToolTip(tr("Something here looks like a password, a key or a token, and is masked"));
    m_showSecrets->setCheckable(true);
    m_layout->addRow(m_showSecrets);
    connect(m_showSecrets, &QToolButton::clicked, this, &ExplainPane::revealRequested);
    m_showRaw->setText(tr("Raw"));
    m_showRaw->setObjectName(u"showRaw"_s);
    m_showRaw->setAccessibleName(tr("Show the event as it is recorded, as JSON"));
    m_showRaw->setCheckable(true);
    m_showRaw->setAutoRaise(true);
    m_showRaw->setArrowType(Qt::RightArrow);
    m_showRaw->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_raw->setAccessibleName(tr("The event as JSON"));
    m_raw->setObjectName(u"raw"_s);
    m_raw->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_raw->hide();
    m_layout->addRow(m_showRaw);
    m_layout->addRow(m_raw);
    connect(m_showRaw, &QToolButton::toggled, this, [this](bool on) {
        m_raw->setVisible(on);
        m_showRaw->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
    });
    connect(m_goTo, &QPushButton::clicked, this, [this] { emit goToRequested(m_place); });
    clear();
}

DataText* ExplainPane::addRow(QFormLayout& layout, const QString& title, int mostLines)
{
    auto* text = new DataText(mostLines, m_rows);
    text->setAccessibleName(title);
    QPalette colours = text->palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    text->setPalette(colours);
    auto* label = new QLabel(title, m_rows);
    label->setTextFormat(Qt::PlainText);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setBuddy(text);
    layout.addRow(label, text);
    return text;
}

void ExplainPane::fill(DataText& row, QFormLayout& layout, const QString& text)
{
    row.setText(text);
    row.setVisible(!text.isEmpty());
    layout.labelForField(&row)->setVisible(!text.isEmpty());
}

void ExplainPane::clear()
{
    m_hint->show();
    m_rows->hide();
}

void ExplainPane::explain(const EventExplanation& explanation, bool isDenial, bool isAbsent, bool reveals)
{
    const Theme& theme = currentTheme();
    const QString name = isDenial ? u"denied"_s : isAbsent ? u"absent"_s : u"allowed"_s;
    const QColor colour = isDenial ? theme.denied : isAbsent ? theme.muted : theme.allowed;
    m_verdictIcon->setPixmap(iconPixmap(name, colour, fontMetrics().height() + 4, devicePixelRatioF()));
    m_verdict->setText(explanation.verdict);
    QFont bold = font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    QPalette colours = m_verdict->palette();
    colours.setColor(QPalette::WindowText, colour);
    m_verdict->setPalette(colours);

    fill(*m_object, *m_layout, explanation.object);
    fill(*m_what, *m_layout, explanation.what);
    fill(*m_detail, *m_layout, explanation.detail);
    fill(*m_who, *m_layout, explanation.who);
    fill(*m_rule, *m_layout, explanation.rule);
    fill(*m_origin, *m_layout, explanation.origin);
    fill(*m_mechanism, *m_layout, explanation.mechanism);
    fill(*m_note, *m_layout, explanation.note);
    m_raw->setText(explanation.raw);
    m_showSecrets->setVisible(explanation.hasSecrets);
    m_showSecrets->setChecked(reveals);
    m_fixes->clear();
    m_place = explanation.place;
    m_goTo->setVisible(m_place.line != 0);
    m_goTo->setText(tr("Go to line %1").arg(m_place.line));
    m_hint->hide();
    m_rows->show();
}

QString ExplainPane::text() const
{
    if (m_rows->isHidden()) return {};
    QStringList lines{m_verdict->text()};
    for (const DataText* row : {m_object, m_what, m_detail, m_who, m_rule, m_origin, m_mechanism, m_note}) {
        if (!row->isHidden()) lines << row->toPlainText();
    }
    return lines.join(u'\n');
}

}  // namespace belljar
