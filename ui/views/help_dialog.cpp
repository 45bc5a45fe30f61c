#include "ui/views/help_dialog.h"

#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <QUrl>

#include <algorithm>

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize kSize(900, 640);
constexpr int kMargin = 16;
const QString kFolder = u":/belljar/help/"_s;

/// The first line of a page is its title.
QString titleOf(const QString& name)
{
    QFile file(kFolder + name + u".md"_s);
    if (!file.open(QIODevice::ReadOnly)) return name;
    return QString::fromUtf8(file.readLine()).remove(u'#').trimmed();
}

}  // namespace

HelpDialog::HelpDialog(QWidget* parent)
    : QDialog(parent), m_pages(new QListWidget(this)), m_text(new QTextBrowser(this))
{
    setObjectName(u"help"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Help"));
    resize(kSize);
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_pages);
    layout->addWidget(m_text, 1);
    m_pages->setAccessibleName(tr("Help pages"));
    m_text->setAccessibleName(tr("Help"));
    m_text->setOpenLinks(false);
    m_text->document()->setDocumentMargin(kMargin);
    QStringList names = QDir(kFolder).entryList({u"*.md"_s}, QDir::Files, QDir::Name);
    // What most people want first comes first.
    const auto rank = [](const QString& name) {
        return name.startsWith(u"for-developers"_s) ? 0 : name.startsWith(u"for-"_s) ? 1 : 2;
    };
    std::stable_sort(names.begin(), names.end(), [&](const QString& a, const QString& b) { return rank(a) < rank(b); });
    for (QString& name : names) {
        name.chop(3);
        auto* item = new QListWidgetItem(titleOf(name), m_pages);
        item->setData(Qt::UserRole, name);
    }
    m_pages->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_pages->setFixedWidth(m_pages->sizeHintForColumn(0) + 2 * m_pages->frameWidth() + kMargin);
    connect(m_pages, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr) showPage(item->data(Qt::UserRole).toString());
    });
    connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& url) {
        if (url.isRelative()) showPage(QString(url.path()).remove(u".md"_s));
    });
    m_pages->setCurrentRow(0);
}

void HelpDialog::showPage(const QString& name)
{
    QFile file(kFolder + name + u".md"_s);
    if (!file.open(QIODevice::ReadOnly)) return;
    m_text->setMarkdown(QString::fromUtf8(file.readAll()));
    m_text->document()->setDocumentMargin(kMargin);
}

}  // namespace belljar
