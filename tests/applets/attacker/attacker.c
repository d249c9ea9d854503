/* attack, in a package of its own: another context (F2). */
#define ATTACK_PACKAGE_AID "F06F6E6563617264FF61"
#define ATTACK_APPLET_AID "F06F6E6563617264FF6101"
#include "../attack/attack.h"
