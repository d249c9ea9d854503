/* attack, in the package that most of its instances are of. */
#define ATTACK_PACKAGE_AID "F06F6E6563617264FF60"
#define ATTACK_APPLET_AID "F06F6E6563617264FF6001"
#include "attack.h"
