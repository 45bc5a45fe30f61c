// How well something with a title, a place and an explanation fits what somebody types to find it.
#pragma once

#include <QString>
#include <QStringList>

namespace belljar {

struct Searched {
    QString title;
    QString place;  ///< A menu, or a JSON pointer.
    QString about;  ///< A sentence; words in it count least.
};

/// What is typed, word by word, each with other words that people use for the same. Made once for many questions.
class SearchWords {
public:
    explicit SearchWords(const QString& typed);

    /// 0: some word is nowhere in it. Otherwise the higher, the better; words that begin as typed count more than words
    /// that hold it, titles more than places, and a title that is or begins with what is typed most.
    [[nodiscard]] int rank(const Searched& searched) const;

private:
    QString m_typed;
    QList<QStringList> m_words;
};

}  // namespace belljar
