#include "ui/models/shown_text.h"

#include <algorithm>

#include "core/base/secret_text.h"
#include "core/base/visible.h"

namespace belljar {

namespace {

constexpr std::size_t kMenuBytes = 80;

constexpr std::size_t kLongestSecret = 4096;  ///< Of one that is cut: what is left of it is not known for one.

/// Of a text much longer than is shown, its ends with so much more that secrets in what is shown are whole.
std::string endsOf(std::string_view text, std::size_t limit)
{
    const std::size_t end = 2 * limit + kLongestSecret;
    if (text.size() <= 2 * end) return std::string(text);
    return std::string(text.substr(0, end)).append(text.substr(text.size() - end));
}

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
    // Of a text much longer than that, only its ends can be seen: the middle need not be looked at.
    if (text.size() > 4 * limit) {
        const std::string ends = std::string(text.substr(0, limit)).append(text.substr(text.size() - limit));
        return fromBytes(visibleElided(ends, limit));
    }
    return fromBytes(visibleElided(text, limit));
}

QString shownWithoutSecrets(std::string_view text, std::size_t limit)
{
    return shownElided(withoutSecrets(endsOf(text, limit)), limit);
}

bool hidesSecrets(std::string_view text, std::size_t limit)
{
    return !secretSpans(endsOf(text, limit)).empty();
}

QString menuText(std::string_view text)
{
    return shownWithoutSecrets(text, kMenuBytes).replace(QLatin1Char('&'), QLatin1String("&&"));
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
