// A window with the web page that is named, in Chromium's engine; its title is the page's. To see whether that, with
// the engine's own sandbox, works under the jar.
#include <QApplication>
#include <QUrl>
#include <QWebEngineView>

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    if (argc != 2) return 2;
    QWebEngineView view;
    QObject::connect(&view, &QWebEngineView::titleChanged, &view, &QWidget::setWindowTitle);
    view.resize(900, 560);
    view.load(QUrl::fromLocalFile(QString::fromLocal8Bit(argv[1])));
    view.show();
    return QApplication::exec();
}
