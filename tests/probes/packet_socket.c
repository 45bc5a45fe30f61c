/* packet_socket: opens sockets that see frames of the network card. Escape: one opens. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <sys/socket.h>

#include "tests/probes/probe.h"

PROBE(packet_socket)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: packet_socket");
    if (socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) >= 0) return escaped("a raw packet socket");
    if (socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)) >= 0) return escaped("a packet socket");
    if (socket(AF_INET, SOCK_PACKET, htons(ETH_P_ALL)) >= 0) return escaped("an old packet socket");
    return stopped("packet sockets");
}
