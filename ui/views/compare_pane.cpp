#include "ui/views/compare_pane.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/base/text_diff.h"
#include "core/config/config_migration.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kCellBytes = 300;
constexpr int kMostRows = 2000;

QString changeTitle(AccessChange change)
{
    switch (change) {
        case AccessChange::more: return ComparePane::tr("more");
        case AccessChange::less: return ComparePane::tr("less");
        case AccessChange::other: return ComparePane::tr("other");
    }
    return {};
}

QString ruleText(const Policy& policy, const std::optional<RuleId>& id)
{
    if (!id || *id >= policy.rules.size()) return {};
    const Rule& rule = policy.rules[*id];
    const QString text = shownElided(rule.text, kCellBytes);
    return rule.place.line == 0 ? text : ComparePane::tr("%1 (line %2)").arg(text).arg(rule.place.line);
}

}  // namespace

ComparePane::ComparePane(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_analysis(analysis),
      m_with(new QComboBox(this)),
      m_choose(new QPushButton(tr("Choose file…"), this)),
      m_apply(new QPushButton(tr("Migrate"), this)),
      m_summary(new QLabel(this)),
      m_differences(new QTableWidget(0, 5, this)),
      m_lines(new QPlainTextEdit(this))
{
    m_with->setObjectName(u"compareWith"_s);
    m_with->setAccessibleName(tr("What to compare the profile with"));
    m_with->addItem(tr("The saved version"));
    m_with->addItem(tr("Another profile"));
    m_with->addItem(tr("Itself, migrated to schema 0.8"));
    m_apply->setObjectName(u"applyMigration"_s);
    m_apply->setToolTip(tr("Replaces the text by the migrated one; can be undone"));
    m_summary->setObjectName(u"compareSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_differences->setObjectName(u"differences"_s);
    m_differences->setAccessibleName(tr("What is allowed more or less"));
    m_differences->setHorizontalHeaderLabels({tr("Access"), tr("What"), tr("Before"), tr("After"), tr("Rule")});
    m_differences->verticalHeader()->hide();
    m_differences->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_differences->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_differences->setTabKeyNavigation(false);
    m_differences->setWordWrap(false);
    m_differences->setTextElideMode(Qt::ElideMiddle);
    m_differences->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_differences->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_differences->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_lines->setObjectName(u"lineDifferences"_s);
    m_lines->setAccessibleName(tr("Lines that differ"));
    m_lines->setReadOnly(true);
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_lines->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_lines->setTabChangesFocus(true);

    auto* row = new QHBoxLayout;
    row->addWidget(m_with);
    row->addWidget(m_choose);
    row->addStretch(1);
    row->addWidget(m_apply);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_differences);
    parts->addWidget(m_lines);
    parts->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(row);
    layout->addWidget(m_summary);
    layout->addWidget(parts, 1);

    connect(m_with, &QComboBox::currentIndexChanged, this, &ComparePane::refresh);
    connect(m_choose, &QPushButton::clicked, this, &ComparePane::chooseFile);
    connect(m_apply, &QPushButton::clicked, this, &ComparePane::apply);
    connect(&analysis, &ProfileAnalysis::changed, this, [this] {
        if (isVisible()) refresh();
    });
}

ComparePane::With ComparePane::with() const
{
    return static_cast<With>(m_with->currentIndex());
}

void ComparePane::compareWith(With with)
{
    m_with->setCurrentIndex(static_cast<int>(with));
    refresh();
}

void ComparePane::compareWithFile(const QString& path)
{
    m_file = path;
    compareWith(With::file);
}

void ComparePane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void ComparePane::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Compare with"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ComparePane::compareWithFile);
    dialog->open();
}

void ComparePane::refresh()
{
    m_choose->setVisible(with() == With::file);
    m_apply->setVisible(with() == With::migrated);
    m_apply->setEnabled(false);
    m_migrated.reset();
    m_differences->setRowCount(0);
    m_lines->clear();
    m_summary->clear();
    if (!m_document.isValid()) {
        m_summary->setText(tr("The text is not valid at the moment, so there is nothing to compare."));
    } else if (with() == With::saved) {
        compare(m_document.savedText(), m_document.text());
    } else if (with() == With::migrated) {
        showMigration();
    } else if (m_file.isEmpty()) {
        m_summary->setText(tr("Choose the profile to compare with."));
    } else {
        const Result<std::string> other = m_document.readProfileFile(m_file);
        if (other) compare(*other, m_document.text());
        else m_summary->setText(shown(other.error().message));
    }
}

void ComparePane::showMigration()
{
    const Result<Migration> migration = migrateConfig(m_document.text());
    if (!migration || !migration->possible()) {
        QStringList lines{tr("The profile cannot be migrated:")};
        if (!migration) lines << shown(migration.error().message);
        else
            for (const Finding& finding : migration->findings)
                if (finding.severity == Severity::error)
                    lines << tr("Line %1: %2").arg(finding.place.line).arg(shownElided(finding.message, kCellBytes));
        m_summary->setText(lines.join(u'\n'));
        return;
    }
    if (!migration->changed) {
        m_summary->setText(tr("The profile is of schema 0.8 or later already."));
        return;
    }
    m_migrated = migration->text;
    m_apply->setEnabled(true);
    compare(m_document.text(), migration->text);
}

void ComparePane::compare(const std::string& before, const std::string& after)
{
    showLines(before, after);
    const Preparation first = prepare(m_analysis.requestFor(before), m_analysis.facts(), m_analysis.backends());
    const Preparation second = prepare(m_analysis.requestFor(after), m_analysis.facts(), m_analysis.backends());
    if (!first.policy || !second.policy) {
        m_summary->setText(
            tr("Access cannot be compared: %1").arg(shown((first.policy ? second : first).error->message)));
        return;
    }
    showDifferences(compareAccess(*first.policy, *second.policy), *first.policy, *second.policy);
}

void ComparePane::showDifferences(const AccessComparison& comparison, const Policy& before, const Policy& after)
{
    int counts[3] = {};
    for (const AccessDifference& difference : comparison.differences) {
        ++counts[static_cast<int>(difference.change)];
        const int row = m_differences->rowCount();
        if (row == kMostRows) continue;
        m_differences->insertRow(row);
        const bool more = difference.change == AccessChange::more;
        const QString cells[] = {
            changeTitle(difference.change), shownElided(difference.subject, kCellBytes),
            shownElided(difference.before, kCellBytes), shownElided(difference.after, kCellBytes),
            more ? ruleText(after, difference.afterRule) : ruleText(before, difference.beforeRule)};
        for (int column = 0; column < 5; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            if (more) item->setForeground(currentTheme().denied);  // Beside the word: colour is not all that says it.
            m_differences->setItem(row, column, item);
        }
    }
    m_differences->resizeColumnToContents(0);
    m_differences->resizeColumnToContents(2);
    m_differences->resizeColumnToContents(3);
    m_differences->setColumnWidth(4, fontMetrics().averageCharWidth() * 52);
    const QString asked = tr("%1 questions were asked of both.").arg(comparison.questions);
    QString text = comparison.differences.empty() ? tr("The same access. %1").arg(asked)
                                                  : tr("More: %1. Less: %2. Other: %3. %4")
                                                        .arg(counts[static_cast<int>(AccessChange::more)])
                                                        .arg(counts[static_cast<int>(AccessChange::less)])
                                                        .arg(counts[static_cast<int>(AccessChange::other)])
                                                        .arg(asked);
    if (!comparison.complete) text += u' ' + tr("There are too many network rules to compare all of them.");
    m_summary->setText(text);
}

void ComparePane::showLines(const std::string& before, const std::string& after)
{
    QTextCursor cursor(m_lines->document());
    std::size_t last = 0;
    for (const ShownDiffLine& line : shownDiff(before, after, kContext)) {
        const bool added = line.kind == DiffLine::added;
        if (!added && line.beforeLine > last + 1) cursor.insertText(u"…\n"_s, {});
        if (!added) last = line.beforeLine;
        QTextCharFormat format;
        if (line.kind != DiffLine::same) format.setForeground(added ? currentTheme().allowed : currentTheme().denied);
        const QChar mark = line.kind == DiffLine::same ? u' ' : added ? u'+' : u'-';
        const QString number = QString::number(added ? line.afterLine : line.beforeLine).rightJustified(5);
        cursor.insertText(u"%1%2 %3\n"_s.arg(mark).arg(number, shownElided(line.text, 2000)), format);
    }
    m_lines->moveCursor(QTextCursor::Start);
}

void ComparePane::apply()
{
    if (!m_migrated) return;
    m_document.replaceText(*m_migrated, tr("migrate to schema 0.8"));
}

}  // namespace belljar
