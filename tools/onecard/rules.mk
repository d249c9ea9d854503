# The part that speaks PC/SC needs its headers; the library is loaded when it is used.
CFLAGS_tools_onecard_gp_pcsc := -isystem /usr/include/PCSC
