#include "ui/models/search_rank.h"

#include <algorithm>
#include <array>

namespace belljar {
namespace {

/// Words that people type, and the word that titles and explanations have for it.
struct Synonym {
    QStringView typed;
    QStringView meant;
};
constexpr std::array kSynonyms{
    Synonym{u"copy", u"clipboard"}, Synonym{u"paste", u"clipboard"},   Synonym{u"cpu", u"processor"},
    Synonym{u"dark", u"theme"},     Synonym{u"directory", u"folder"},  Synonym{u"dns", u"host"},
    Synonym{u"domain", u"host"},    Synonym{u"dry", u"would"},         Synonym{u"env", u"environment"},
    Synonym{u"forbid", u"denied"},  Synonym{u"gui", u"display"},       Synonym{u"hide", u"denied"},
    Synonym{u"inherit", u"base"},   Synonym{u"internet", u"outgoing"}, Synonym{u"internet", u"egress"},
    Synonym{u"kill", u"stop"},      Synonym{u"mask", u"denied"},       Synonym{u"mount", u"paths"},
    Synonym{u"preview", u"would"},  Synonym{u"ram", u"memory"},        Synonym{u"seccomp", u"syscalls"},
    Synonym{u"template", u"new"},   Synonym{u"upgrade", u"migrate"},   Synonym{u"window", u"display"},
    Synonym{u"writable", u"write"},
};

enum Worth {
    kNowhere = 0,
    kInAbout = 1,
    kStartsInAbout = 3,
    kInPlace = 4,
    kStartsInPlace = 7,
    kInTitle = 8,
    kStartsInTitle = 12
};
constexpr int kPlaceHolds = 10;  // "network proxy" in networkProxy
constexpr int kTitleBegins = 20;
constexpr int kTitleIs = 40;
constexpr int kSynonymCosts = 1;

bool startsWord(const QString& text, qsizetype at)
{
    if (at == 0) return true;
    const QChar before = text[at - 1];
    // "readonlyPaths" has two words.
    return !before.isLetterOrNumber() || (before.isLower() && text[at].isUpper());
}

/// How the word stands in the text: not, somewhere, or at the beginning of a word.
int found(const QString& text, const QString& word, int somewhere, int atStart)
{
    int best = kNowhere;
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (startsWord(text, at)) return atStart;
        best = somewhere;
    }
    return best;
}

int worth(const Searched& searched, const QString& word)
{
    return std::max({found(searched.title, word, kInTitle, kStartsInTitle),
                     found(searched.place, word, kInPlace, kStartsInPlace),
                     found(searched.about, word, kInAbout, kStartsInAbout)});
}

}  // namespace

SearchWords::SearchWords(const QString& typed) : m_typed(typed.simplified())
{
    for (const QString& word : m_typed.split(u' ', Qt::SkipEmptyParts)) {
        QStringList same{word};
        for (const Synonym& synonym : kSynonyms)
            if (synonym.typed.compare(word, Qt::CaseInsensitive) == 0) same.append(synonym.meant.toString());
        m_words.append(same);
    }
}

int SearchWords::rank(const Searched& searched) const
{
    int total = 1;  // Nothing typed: everything fits.
    for (const QStringList& same : m_words) {
        int best = worth(searched, same.front());
        for (qsizetype i = 1; i < same.size(); ++i) best = std::max(best, worth(searched, same[i]) - kSynonymCosts);
        if (best <= kNowhere) return 0;
        total += best;
    }
    if (m_typed.isEmpty()) return total;
    if (searched.place.contains(QString(m_typed).remove(u' '), Qt::CaseInsensitive)) total += kPlaceHolds;
    if (searched.title.compare(m_typed, Qt::CaseInsensitive) == 0) total += kTitleIs;
    else if (searched.title.startsWith(m_typed, Qt::CaseInsensitive)) total += kTitleBegins;
    return total;
}

}  // namespace belljar
