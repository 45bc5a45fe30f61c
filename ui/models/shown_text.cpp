#include "ui/models/shown_text.h"

#include <algorithm>

#include "core/base/visible.h"

namespace belljar {

namespace {

constexpr std::size_t kMenuBytes = 80;

QString fromBytes(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

}  // namespace

QString shown(std::string_view text)
{
    return fromBytes(visible(text));
}

QString shownElided(std::string_view text, std::size_t limit)
{
    return fromBytes(visibleElided(text, limit));
}

QString menuText(std::string_view text)
{
    return shownElided(text, kMenuBytes).replace(QLatin1Char('&'), QLatin1String("&&"));
}

std::string engineText(const QString& text)
{
    return text.toStdString();
}

bool fitsLineEdit(std::string_view text)
{
    // A backslash is only escaped to keep visible() unambiguous; a line edit shows it as it is.
    std::string rest(text);
    std::replace(rest.begin(), rest.end(), '\\', '/');
    return isPlainlyVisible(rest);
}

}  // namespace belljar
