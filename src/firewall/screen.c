#include "firewall/screen.h"

#include <string.h>

/* Length of the UTF-8 sequence at p (Unicode table 3-7), 0 if it is none or a control character. */
static uint32_t sequence(const uint8_t *p, uint32_t left) {
    static const struct {
        uint8_t first_min, first_max, second_min, second_max, len;
    } forms[] = {
        {0x0A, 0x0A, 0, 0, 1},       {0x20, 0x7E, 0, 0, 1},       {0xC2, 0xC2, 0xA0, 0xBF, 2},
        {0xC3, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (uint32_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const uint32_t len = forms[i].len;
        if (p[0] < forms[i].first_min || p[0] > forms[i].first_max || len > left)
            continue;
        if (len > 1 && (p[1] < forms[i].second_min || p[1] > forms[i].second_max))
            continue;
        for (uint32_t k = 2; k < len; k++)
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        return len;
    }
    return 0;
}

static bool is_text(const uint8_t *p, uint32_t len) {
    for (uint32_t at = 0, step; at < len; at += step) {
        step = sequence(p + at, len - at);
        if (step == 0)
            return false;
    }
    return true;
}

enum onecard_err screen_stage(struct screen *s, uint32_t owner, const uint8_t *aid, uint8_t aid_len,
                              const uint8_t *text, uint32_t len, uint32_t marks) {
    if (len > ONECARD_SCREEN_TEXT_MAX)
        return ONECARD_E_TOO_BIG;
    if ((marks & ~ONECARD_MARK_ALL) != 0)
        return ONECARD_E_PARAM;
    if (!is_text(text, len))
        return ONECARD_E_FORMAT;
    s->staged = true;
    s->owner = (uint16_t)owner;
    s->aid_len = aid_len;
    memcpy(s->aid, aid, aid_len);
    s->marks = marks;
    s->len = (uint8_t)len;
    memcpy(s->text, text, len);
    s->text[len] = 0;
    return ONECARD_OK;
}

void screen_commit(struct screen *s, const struct onecard_port *port) {
    if (!s->staged)
        return;
    s->staged = false;
    s->shown = s->owner;
    const struct onecard_screen screen = {
        .text = s->text, .marks = s->marks, .aid = s->aid, .aid_len = s->aid_len};
    if (port->display)
        port->display(port->ctx, &screen);
}

void screen_abort(struct screen *s) {
    s->staged = false;
}

void screen_forget(struct screen *s, uint32_t owner) {
    if (s->owner == owner) /* its last words */
        s->staged = false;
    if (s->shown == owner || s->shown == 0)
        screen_stage(s, 0, s->aid, 0, (const uint8_t *)"", 0, 0);
}
