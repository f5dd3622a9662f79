"""The verbs about alarms, put together: `blueprint alarms`."""
