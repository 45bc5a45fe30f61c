#include "ui/views/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

/// The drawings are black; the file with another colour in place of that.
QByteArray drawing(const QString& name, const QColor& colour)
{
    QFile file(u":/belljar/icons/%1.svg"_s.arg(name));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "icon", qPrintable(name));
    if (!opened) return {};
    return file.readAll().replace("#000000", colour.name().toLatin1());
}

class ThemedIconEngine : public QIconEngine {
public:
    explicit ThemedIconEngine(QString name) : m_name(std::move(name)) {}

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        QSvgRenderer renderer(drawing(m_name, QApplication::palette().color(group, QPalette::ButtonText)));
        renderer.render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

private:
    QString m_name;
};

}  // namespace

QIcon icon(const QString& name)
{
    return QIcon(new ThemedIconEngine(name));
}

QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double pixelRatio)
{
    const int pixels = qRound(size * pixelRatio);
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(drawing(name, colour)).render(&painter, QRectF(0, 0, pixels, pixels));
    painter.end();
    pixmap.setDevicePixelRatio(pixelRatio);
    return pixmap;
}

QIcon applicationIcon()
{
    return QIcon(u":/belljar/icons/belljar.svg"_s);
}

}  // namespace belljar
