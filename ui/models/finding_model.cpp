#include "ui/models/finding_model.h"

#include <algorithm>

#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

FindingModel::FindingModel(QObject* parent) : QAbstractListModel(parent) {}

void FindingModel::setFindings(std::vector<Finding> findings)
{
    beginResetModel();
    m_findings = std::move(findings);
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    endResetModel();
}

QString FindingModel::summary() const
{
    const auto count = [this](Severity severity) {
        return static_cast<int>(std::count_if(m_findings.begin(), m_findings.end(),
                                              [severity](const Finding& f) { return f.severity == severity; }));
    };
    QStringList parts;
    if (const int errors = count(Severity::error)) parts << (errors == 1 ? tr("1 error") : tr("%1 errors").arg(errors));
    if (const int warnings = count(Severity::warning)) {
        parts << (warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(warnings));
    }
    if (const int notes = count(Severity::note)) parts << (notes == 1 ? tr("1 note") : tr("%1 notes").arg(notes));
    return parts.isEmpty() ? tr("No problems") : parts.join(u", "_s);
}

int FindingModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

QVariant FindingModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Finding& finding = m_findings[static_cast<std::size_t>(index.row())];
    if (role == kSeverityRole) return static_cast<int>(finding.severity);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    const QString word = finding.severity == Severity::error     ? tr("Error")
                         : finding.severity == Severity::warning ? tr("Warning")
                                                                 : tr("Note");
    QString text = u"%1: %2"_s.arg(word, shownElided(finding.message, 1000));
    if (!finding.place.file.empty()) text += u" "_s + tr("(in %1)").arg(shownElided(finding.place.file, 400));
    if (finding.place.line != 0) text += u" "_s + tr("(line %1)").arg(finding.place.line);
    if (!finding.fix.empty()) text += u" "_s + tr("Fix: %1").arg(shownElided(finding.fix, 1000));
    return text;
}

}  // namespace belljar
