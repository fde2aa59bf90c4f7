"""One renderer for every form: label, help, error and input belong together, for the eye and for the ear."""

from django import forms

from aftersales.widgets import Photos, Signature, TapCards


class Sample(forms.Form):
    phone = forms.CharField(label="Phone", help_text="To call you back.")
    drivable = forms.ChoiceField(
        label="Drivable", choices=[("y", "Yes"), ("n", "No")], widget=TapCards(hints={"n": "It stands."})
    )
    photos = forms.FileField(required=False, widget=Photos)
    signature = forms.CharField(required=False, widget=Signature)


def test_an_error_stands_at_its_field_and_is_tied_to_the_input():
    html = str(Sample({"phone": ""})["phone"].as_field_group())
    assert 'id="id_phone_error"' in html
    assert "id_phone_helptext id_phone_error" in html
    assert 'aria-invalid="true"' in html


def test_what_was_typed_is_escaped_and_kept():
    html = str(Sample({"phone": "<script>1</script>"})["phone"])
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_the_answers_of_a_choice_are_cards_with_their_hints():
    html = str(Sample()["drivable"].as_field_group())
    assert html.count('class="card-choice"') == 2
    assert "It stands." in html
    assert "<legend>" in html


def test_photos_and_signature_are_plain_fields_underneath():
    form = str(Sample())
    assert 'type="file"' in form
    assert "multiple" in form
    assert 'name="signature"' in form
