#include "ui/views/disk_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "core/base/text_diff.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

DiskBar::DiskBar(ProfileDocument& document, QWidget* parent)
    : QFrame(parent),
      m_document(document),
      m_text(new QLabel(this)),
      m_merge(new QPushButton(tr("Merge both"), this)),
      m_take(new QPushButton(tr("Take the file"), this)),
      m_keep(new QPushButton(tr("Keep mine"), this))
{
    setObjectName(u"diskBar"_s);
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto* compare = new QPushButton(tr("Compare"), this);
    m_merge->setToolTip(tr("Makes the changes of both; can be undone"));
    m_take->setToolTip(tr("Replaces the text here by the file's; can be undone"));
    m_keep->setToolTip(tr("The next save replaces the file"));
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_text, 1);
    for (QPushButton* button : {compare, m_merge, m_take, m_keep}) layout->addWidget(button);
    hide();
    connect(&document, &ProfileDocument::changedByOthers, this, &DiskBar::look);
    connect(&document, &ProfileDocument::fileChanged, this, &DiskBar::look);
    connect(compare, &QPushButton::clicked, this, [this] { emit compareRequested(m_document.filePath()); });
    connect(m_merge, &QPushButton::clicked, this, &DiskBar::mergeBoth);
    connect(m_take, &QPushButton::clicked, this, &DiskBar::takeTheirs);
    connect(m_keep, &QPushButton::clicked, this, &DiskBar::keepMine);
}

void DiskBar::look()
{
    const std::optional<std::string> theirs = m_document.changedOnDisk();
    setVisible(theirs.has_value());
    if (!theirs) return;
    m_theirs = *theirs;
    m_merged = m_document.isModified() ? merged(m_document.savedText(), m_document.text(), m_theirs) : std::nullopt;
    m_merge->setVisible(m_merged.has_value());
    const QString name = shownElided(engineText(m_document.name()), 200);
    if (!m_document.isModified()) m_text->setText(tr("Another program has changed %1.").arg(name));
    else if (m_merged) m_text->setText(tr("Another program has changed %1, in other lines than you.").arg(name));
    else m_text->setText(tr("Another program has changed %1 in the same lines as you.").arg(name));
}

void DiskBar::takeTheirs()
{
    const std::string theirs = m_theirs;
    m_document.replaceText(theirs, tr("take the file's text"));
    m_document.acceptDisk(theirs);
}

void DiskBar::mergeBoth()
{
    if (!m_merged) return;
    const std::string theirs = m_theirs;
    m_document.replaceText(*m_merged, tr("merge with the file"));
    m_document.acceptDisk(theirs);
}

void DiskBar::keepMine()
{
    m_document.acceptDisk(std::string(m_theirs));
}

}  // namespace belljar
