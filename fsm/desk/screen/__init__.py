"""What a person sees of a desk: a pure function of the snapshot, the instant and the tab that is open.

view     the screen: what rings, banners, tabs and calls, timers, buttons (`View`, `Ringing`, `ContactTab`, `Button`)
Screen   which tab is open (`Tab`), kept by who draws it
popups   what the browser shows for the effects of a step (`PopUp`)
mm_ss    milliseconds as minutes and seconds
"""

from fsm.desk.screen.view import Button, ContactTab, PopUp, Ringing, Screen, Tab, View, mm_ss, popups, view

__all__ = ["Button", "ContactTab", "PopUp", "Ringing", "Screen", "Tab", "View", "mm_ss", "popups", "view"]
