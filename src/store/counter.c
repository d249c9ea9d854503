/* The port's monotonic counter against older images (S6). A commit that raises it states the new
 * value, bound to the secrets by their root; then it becomes durable, and then the counter is
 * raised. So after a power cut the image states what the counter says, or one more; never less. */
#include "store/state.h"

static bool have_counter(const struct store *s) {
    return s->port->counter_read && s->port->counter_raise;
}

bool store_counter_due(struct store *s, bool secrets) {
    if (!have_counter(s) || s->root_wrong)
        return false;
    if (!secrets && s->counter_left > 0) {
        s->counter_left--;
        return false;
    }
    uint32_t interval = s->port->counter_interval;
    s->counter_left = interval ? interval - 1 : 0;
    return true;
}

enum onecard_err store_counter_raise(struct store *s) {
    enum onecard_err err = s->port->counter_raise(s->port->ctx, s->counter);
    if (err)
        s->broken = true;
    return err ? ONECARD_E_IO : ONECARD_OK;
}

enum onecard_err store_counter_format(struct store *s) {
    if (!have_counter(s))
        return ONECARD_OK;
    enum onecard_err err = s->port->counter_read(s->port->ctx, &s->counter);
    s->counter++; /* no image of an earlier life of the chip passes any more */
    return err ? ONECARD_E_IO : ONECARD_OK;
}

enum onecard_err store_counter_open(struct store *s) {
    uint32_t value;
    if (!have_counter(s) || s->look)
        return ONECARD_OK;
    if (s->port->counter_read(s->port->ctx, &value) != ONECARD_OK)
        return ONECARD_E_IO;
    if (s->counter == value)
        return ONECARD_OK;
    return s->counter == value + 1 ? store_counter_raise(s) : ONECARD_E_ROLLED_BACK;
}
